"""What there is: problems, plans, calendars and the words they share. Pure, except `records`."""
