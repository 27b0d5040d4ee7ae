"""sizer: which accelerator, how many, split how, at which precision, by your own rules."""
