"""Work of the catalogue that nobody waits for."""

from procrastinate.contrib.django import app

from stadtwabe.catalog.commands import count_words


@app.periodic(cron="17 3 * * *")
@app.task(name="stadtwabe.catalog.count_words", queueing_lock="count_words")
def count_the_words(timestamp: int) -> None:
    """Count the vocabulary anew every night: words of withdrawn things go."""
    count_words()
