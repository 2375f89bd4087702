"""What is done around an update: clips, schedules, fading signs, preconditioning."""
