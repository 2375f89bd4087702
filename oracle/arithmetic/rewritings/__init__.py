"""The forms in which honest candidates write a formula otherwise, and what each of them costs."""
