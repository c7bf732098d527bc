"""The service under load: a real `tidyplan serve`, many clients, and an audit that believes only the tables."""
