"""What a user writes: profiles, cases, points and parameters."""
