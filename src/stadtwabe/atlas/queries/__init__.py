"""Every read of the atlas; each starts at the cards that the actor may see."""
