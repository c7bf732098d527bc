"""The planner's board: the page at `/board`, and what it asks for beside the records: closed time and travel."""
