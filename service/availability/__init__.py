"""Who and what is available: free and busy times, what takes subjects out of service, and maintenance that recurs."""
