"""The pages /konto/ and /verwaltung/."""
