"""What a person does with the page, and sees of it."""


def ask(page, text: str) -> None:
    page.fill("#message", text)
    page.press("#message", "Enter")


def answers(page, count: int) -> None:
    """Wait until so many answers are whole."""
    page.locator(".is-assistant:not(.is-growing) .speed").nth(count - 1).wait_for()


def texts(page) -> list[str]:
    """The messages as they are shown."""
    return page.locator(".entry .body").all_inner_texts()
