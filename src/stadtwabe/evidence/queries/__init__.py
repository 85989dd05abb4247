"""Every read of evidence; each starts at what the actor may see."""
