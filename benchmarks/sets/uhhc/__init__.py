"""UHHC: unified home care routing and scheduling (Ceschia et al. 2026, doi 10.1111/itor.70140)."""
