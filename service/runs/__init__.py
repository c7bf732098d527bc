"""Auto-scheduling runs: asked for, computed by a durable job, kept as a draft, compared, published.

`asking` makes and cancels runs, `work` is the job, `reading` says what a mode may change, `keeping` stores what comes
out, `comparing` shows before and after, `publishing` makes a draft the plan, `regular` starts runs by the clock.
"""
