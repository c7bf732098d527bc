"""Ways out of conflicts, and ways onto the plan: tried before they are offered, kept by their content, applied whole.

`clashing` looks for ways out of a stored conflict, `placing` for places of what has none; both try changes on a
`region`, the part of the organization that they could touch, where `trying` asks `check` what each breaks and costs.
`keeping` stores what was offered, so that any process can apply it; `applying` does, under the locks of bookings.
"""
