"""What follows from events: each function takes a session and an event, and only touches the database."""
