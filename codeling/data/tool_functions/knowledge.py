"""Search and knowledge: the web, news, encyclopedias, books and papers; what they find is simulated."""

from __future__ import annotations

from random import Random
from typing import Any

from codeling.data.tool_functions.everyday_values import FIELDS, company, full_name, title, topic
from codeling.data.tool_functions.spec import FunctionSpec, Result, answer, choice, flag, integer, lines, text
from codeling.data.tool_functions.values import host, iso_date, mixed, url, whole

_DOMAIN = "knowledge"
_count = whole(2, 30)


def _found(**columns: Any) -> Result:
    """A result with up to three entries; each column is a draw."""

    def result(a: dict[str, Any], random: Random) -> Any:
        rows = range(min(a.get("limit") or 3, 3))
        return {"results": [{name: draw(random) for name, draw in columns.items()} for _ in rows]}

    return result


FUNCTIONS: tuple[FunctionSpec, ...] = (
    FunctionSpec(
        "web_search",
        _DOMAIN,
        "Search the web",
        (
            text("query", topic, names=("q", "keywords")),
            integer("limit", _count, "number of results", required=False, names=("count", "num_results")),
        ),
        lines("""
            Search the web for {query}[, {limit} results]
            Look up {query} online[ and give me {limit} results]
            Google {query}[, top {limit}]
            Find web pages about {query}[, {limit} of them]
            What can you find on the internet about {query}[? I want {limit} hits]
            web search: {query}[ ({limit} results)]
            Could you search online for {query}[ and list {limit} results]?
            Check what the web says about {query}[, {limit} pages are enough]
            See what comes up when you search the internet for {query}[, {limit} hits please]
            I'd like to read something online on {query}[, show {limit} links]
        """),
        _found(title=title, url=url),
        names=("search_web", "internet_search"),
    ),
    FunctionSpec(
        "search_news",
        _DOMAIN,
        "Search news articles",
        (
            text("topic", topic, names=("query", "subject")),
            choice("period", ("today", "this_week", "this_month", "this_year"), required=False),
        ),
        lines("""
            What is the news about {topic}[ from {period}]?
            Find news on {topic}[ of {period}]
            Show me the latest news about {topic}[, {period} only]
            news {topic}[ {period}]
            Any news articles about {topic}[ from {period}]?
            Search the news for {topic}[, {period}]
            I want to read news about {topic}[ published {period}]
            What do the newspapers write about {topic}[ {period}]?
            Bring me up to date with news on {topic}[ from {period}]
            Which headlines mention {topic}[, limited to {period}]?
        """),
        _found(headline=title, source=company, date=iso_date),
        names=("get_news", "find_news"),
    ),
    FunctionSpec(
        "encyclopedia_article",
        _DOMAIN,
        "Read an encyclopedia article",
        (
            text("topic", topic, names=("subject", "article")),
            choice("detail", ("short", "full"), required=False, default="short"),
        ),
        lines("""
            Show me the[ {detail}] encyclopedia article about {topic}
            Get the[ {detail}] Wikipedia article on {topic}
            wikipedia {topic}[, {detail}]
            What does Wikipedia say about {topic}[? The {detail} article please]
            Open the[ {detail}] encyclopedia entry for {topic}
            Read me the[ {detail}] Wikipedia page of {topic}
            I need the[ {detail}] encyclopedia text about {topic}
            Look {topic} up in the encyclopedia[, {detail} version]
            Fetch the wiki entry for {topic}[ in {detail} form]
            Is there an encyclopedia article on {topic}[? I'd like the {detail} one]
        """),
        answer("topic", text=lambda random: f"{title(random)} is part of {topic(random)}."),
        names=("get_article", "wiki_lookup"),
    ),
    FunctionSpec(
        "search_books",
        _DOMAIN,
        "Search books by an author",
        (
            text("author", full_name, names=("writer",)),
            choice("language", ("English", "Spanish", "French", "German", "Italian"), required=False),
        ),
        lines("""
            Which books did {author} write[ in {language}]?
            Find books by {author}[ in {language}]
            books by {author}[, {language}]
            Show me all books of the author {author}[ in {language}]
            What has {author} written[ in {language}]?
            List the books of {author}[ that are in {language}]
            I am looking for a book by {author}[ in {language}]
            Are there[ {language}] books by the writer {author}?
            My favorite writer is {author}; what can I read[ in {language}]?
            Search the library for the author {author}[, language {language}]
        """),
        _found(title=title, year=whole(1900, 2025)),
        names=("find_books", "books_by_author"),
    ),
    FunctionSpec(
        "book_details",
        _DOMAIN,
        "Author, year and pages of a book",
        (text("title", title, names=("book",)),),
        lines("""
            Who wrote the book "{title}"?
            Give me details about the book "{title}"
            How many pages does the book "{title}" have?
            When was the book "{title}" published?
            Tell me about the novel "{title}"
            book info: {title}
            I found a book called {title}. Who is the author?
            Look up the book {title}
            What is known about the book named "{title}"?
            Could you check the author of the novel {title}?
        """),
        answer("title", author=full_name, year=whole(1850, 2025), pages=whole(80, 900)),
        names=("get_book", "book_info"),
    ),
    FunctionSpec(
        "search_papers",
        _DOMAIN,
        "Search scientific papers",
        (
            text("topic", topic, names=("query",)),
            integer("since_year", whole(1980, 2025), "earliest year", required=False),
        ),
        lines("""
            Find scientific papers about {topic}[ since {since_year}]
            Search for research papers on {topic}[ from {since_year} on]
            papers {topic}[ after {since_year}]
            Which studies about {topic} were published[ since {since_year}]?
            I need academic articles on {topic}[, not older than {since_year}]
            Look for papers on {topic}[ published since {since_year}]
            Show me research about {topic}[ starting in {since_year}]
            What have scientists published on {topic}[ since {since_year}]?
            Collect literature on {topic} for my thesis[, from {since_year} onward]
            Are there academic studies of {topic}[ beginning with {since_year}]?
        """),
        _found(title=title, author=full_name, year=whole(1980, 2025)),
        names=("find_papers", "paper_search"),
    ),
    FunctionSpec(
        "person_facts",
        _DOMAIN,
        "Short biography of a person",
        (text("name", full_name, names=("person",)),),
        lines("""
            Who is {name}?
            Tell me about the person {name}
            Give me a short biography of {name}
            When was {name} born?
            biography {name}
            What is {name} known for?
            I want to know who {name} was
            Look up the life of {name}
            Summarize the biography of {name} for me
            Could you tell me what made {name} famous?
        """),
        answer("name", born=whole(1900, 1990), field=lambda random: random.choice(FIELDS)),
        names=("get_biography", "about_person"),
    ),
    FunctionSpec(
        "company_facts",
        _DOMAIN,
        "Basic facts about a company",
        (text("company", company, names=("name",)),),
        lines("""
            What does the company {company} do?
            Tell me about the company {company}
            Give me facts about {company}, the company
            When was the company {company} founded?
            company profile {company}
            How many people work for {company}?
            Look up the firm {company}
            I have an interview at {company}. What should I know about the company?
            How big is {company} as an employer?
            Collect basic information on the business {company}
        """),
        answer("company", founded=whole(1900, 2022), employees=whole(5, 90000)),
        names=("company_info", "get_company"),
    ),
    FunctionSpec(
        "find_quote",
        _DOMAIN,
        "Find a quotation about a subject",
        (text("subject", topic, names=("topic",)), text("author", full_name, required=False)),
        lines("""
            Find a quote about {subject}[ by {author}]
            Give me a quotation on {subject}[ from {author}]
            quote {subject}[ {author}]
            I need a good quote about {subject}[ said by {author}]
            Is there a famous quote[ by {author}] about {subject}?
            Look for a quotation[ of {author}] that deals with {subject}
            Get me some words[ of {author}] to quote on {subject}
            What did people say about {subject}[? A quote by {author} would be nice]
            For my speech, find a quote concerning {subject}[, from {author}]
            Which clever quote is there on {subject}[, ideally by {author}]?
        """),
        answer("subject", quote=lambda random: f"Nothing is as simple as {topic(random)}."),
        names=("get_quote", "search_quotes"),
    ),
    FunctionSpec(
        "check_fact",
        _DOMAIN,
        "Check whether a claim is true",
        (text("claim", lambda random: f"{topic(random)} cost more than {topic(random)}", names=("statement",)),),
        lines("""
            Is it true that {claim}?
            Fact check: {claim}
            Check the claim that {claim}
            Somebody told me that {claim}. Is it a fact?
            Verify whether {claim}
            Can you confirm that {claim}?
            I read that {claim}; please fact-check it
            True or false: {claim}
            My uncle insists that {claim}. Is he right?
            Find out if it is correct that {claim}
        """),
        answer("claim", verdict=lambda random: random.choice(("true", "false", "unclear"))),
        names=("fact_check", "verify_claim"),
    ),
    FunctionSpec(
        "summarize_page",
        _DOMAIN,
        "Summarize a web page",
        (
            text("url", url, names=("address", "link")),
            integer("sentences", whole(2, 12), required=False, default=3, names=("length",)),
            flag("simple", "in simple words", "in technical words"),
        ),
        lines("""
            Summarize {url}[ in {sentences} sentences][, {simple}]
            What is the page {url} about[, in {sentences} sentences][ {simple}]?
            Give me a summary of {url}[ with {sentences} sentences][ {simple}]
            summary of {url}[, {sentences} sentences][, {simple}]
            Please sum up the web page {url}[ in {sentences} sentences][ {simple}]
            I don't want to read all of {url}. Summarize it[ in {sentences} sentences][ {simple}]
            tl;dr {url}[, {sentences} sentences][, {simple}]
            Tell me the main points of {url}[ in {sentences} sentences][ {simple}]
            Make the article at {url} short for me[: {sentences} sentences][, {simple}]
            Condense what {url} says[ to {sentences} sentences][, {simple}]
        """),
        answer("url", title=title, summary=lambda random: f"The page is about {topic(random)}."),
        names=("page_summary", "summarize_url"),
    ),
    FunctionSpec(
        "find_website",
        _DOMAIN,
        "Official website of an organization",
        (text("organization", mixed(company, lambda random: f"the {company(random)} Foundation"), names=("name",)),),
        lines("""
            What is the official website of {organization}?
            Find the homepage of {organization}
            website of {organization}
            Where is {organization} on the web?
            I need the web address of {organization}
            Give me the official site of {organization}
            Which website belongs to {organization}?
            Could you get me the link to the homepage of {organization}?
            Under what address can I find {organization} online?
            Look for the official web page of {organization}
        """),
        answer("organization", url=lambda random: f"https://{host(random)}"),
        names=("official_website", "get_homepage"),
    ),
)
