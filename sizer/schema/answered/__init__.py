"""What sizer answers: reports, decisions, comparisons, differences and locks."""
