"""What a demo installation starts with: our own documents and what an editor accepts from them."""
