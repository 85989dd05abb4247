"""New values to open pages, as they come: server-sent events, without a thread for each reader."""
