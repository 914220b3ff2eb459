# ruff: noqa: E501  (each line is one entry of a table)
"""Databases and key-value stores: rows, tables, indexes, users, backups. Results are simulated."""

from __future__ import annotations

from random import Random
from typing import Any

from codeling.data.tool_functions import values
from codeling.data.tool_functions.spec import FunctionSpec, answer, choice, flag, integer, lines, listing, mapping, text

_DOMAIN = "databases"
_ROWS = values.magnitudes(1, 900_000)
_COLUMNS = (
    "id",
    "name",
    "price",
    "city",
    "status",
    "email",
    "age",
    "country",
    "quantity",
    "created_at",
    "title",
    "score",
)


def table(random: Random) -> str:
    """The name of a table: orders, old_invoices, customer_tickets."""
    shape = random.randrange(3)
    last = values.plural(values.noun(random))
    if shape == 0:
        return last
    return f"{random.choice(values.ADJECTIVES)}_{last}" if shape == 1 else f"{values.noun(random)}_{last}"


def database(random: Random) -> str:
    """The name of a database: shop_db, turtle, staging_maple."""
    return random.choice(
        (
            values.noun,
            lambda r: f"{values.noun(r)}_db",
            lambda r: f"{r.choice(('staging', 'prod', 'test', 'dev'))}_{values.noun(r)}",
        )
    )(random)


def column(random: Random) -> str:
    """The name of a column: price, ticket_id, total_bread."""
    if random.random() < 0.4:
        return random.choice(_COLUMNS)
    return random.choice((f"{values.noun(random)}_id", f"{values.noun(random)}_count", f"total_{values.noun(random)}"))


def key(random: Random) -> str:
    """A key of a key-value store: session:42, cache:turtle:7."""
    return f"{values.noun(random)}:{random.choice((str(random.randint(1, 9999)), values.noun(random)))}"


def _condition(random: Random) -> str:
    if random.random() < 0.5:
        return f"{column(random)} {random.choice(('>', '<', '>=', '<=', '='))} {random.randint(1, 999)}"
    return f"{column(random)} = '{values.word(random)}'"


def _sql(random: Random) -> str:
    what = random.choice(
        ("*", column(random), "COUNT(*)", f"MAX({column(random)})", f"{column(random)}, {column(random)}")
    )
    return f"SELECT {what} FROM {table(random)} WHERE {_condition(random)}"


def _user(random: Random) -> str:
    return random.choice(
        (
            values.first_name(random).lower(),
            f"{values.noun(random)}_app",
            f"{values.noun(random)}_{random.choice(('reader', 'admin'))}",
        )
    )


def _found(a: dict[str, Any], random: Random) -> Any:
    rows = min(a["limit"] or 2, random.randint(0, 2))
    return {"rows": [{"id": random.randint(1, 9999), "name": values.full_name(random)} for _ in range(rows)]}


FUNCTIONS: tuple[FunctionSpec, ...] = (
    FunctionSpec("run_sql", _DOMAIN, "Run an SQL statement on a database",
        (text("sql", _sql, names=("statement",)), text("database", database, names=("db",))),
        lines("""
            Run "{sql}" on the database {database}
            Execute the SQL {sql} in {database}
            On {database}, run this query: {sql}
            sql {database}: {sql}
            Please run the statement "{sql}" against {database}
            What does "{sql}" return in the database {database}?
            Query {database} with {sql}
            I want the result of {sql} from the database {database}
            Send "{sql}" to the {database} database
        """), lambda a, r: {"rows": [[r.randint(1, 999)]]}, names=("execute_sql", "sql_query")),
    FunctionSpec("select_rows", _DOMAIN, "Get rows of a database table by condition",
        (text("table", table, names=("from_table",)), text("condition", _condition, "SQL condition", names=("where",)), integer("limit", values.magnitudes(1, 1000), required=False, default=100)),
        lines("""
            Show the rows of {table} where {condition}[, at most {limit}]
            Get rows from {table} with {condition}[, limit {limit}]
            Which rows of the table {table} have {condition}[? Show {limit}]
            select from {table} where {condition}[ limit {limit}]
            Please fetch the rows of {table} for which {condition}[, only {limit}]
            Look up {table} for {condition}[ and return {limit} rows]
            Give me[ {limit}] rows in {table} where {condition}
            I need the entries of the table {table} that satisfy {condition}[, maximum {limit}]
            From the table {table}, pick the rows with {condition}[, no more than {limit}]
        """), _found, names=("fetch_rows", "query_table")),
    FunctionSpec("count_rows", _DOMAIN, "Count the rows of a database table",
        (text("table", table, names=("from_table",)), text("condition", _condition, "SQL condition", required=False, names=("where",))),
        lines("""
            How many rows are in {table}[ where {condition}]?
            Count the rows of the table {table}[ with {condition}]
            Number of rows in {table}[ where {condition}]?
            count {table}[ where {condition}]
            Please count the entries in the table {table}[ for which {condition}]
            How big is the table {table} in rows[, counting only {condition}]?
            Tell me the row count of {table}[ under the condition {condition}]
            How many records does the table {table} hold[ with {condition}]?
            What number of records is in {table}[ if {condition}]?
        """), answer("table", rows=_ROWS), names=("row_count", "count_records")),
    FunctionSpec("insert_row", _DOMAIN, "Insert a row into a database table",
        (text("table", table, names=("into_table",)), mapping("row", values.one_of(_COLUMNS), values.mixed(values.word, values.first_name, values.slug), names=("values",))),
        lines("""
            Insert {row} into {table}
            Add a row to {table} with {row}
            Put a new record in {table}: {row}
            insert into {table}: {row}
            Please add {row} to the table {table}
            Create a row in the table {table} where {row}
            The table {table} needs a new row, {row}
            Store {row} as a new entry in the table {table}
            In {table}, record a new row saying {row}
        """), answer("table", inserted=1), names=("add_row", "insert_record")),
    FunctionSpec("update_rows", _DOMAIN, "Change rows of a database table",
        (text("table", table, names=("in_table",)), mapping("changes", values.one_of(_COLUMNS), values.mixed(values.word, values.slug), names=("set",)), text("condition", _condition, "SQL condition", names=("where",))),
        lines("""
            In {table}, set {changes} where {condition}
            Update {table} with {changes} for rows with {condition}
            Change the rows of {table} where {condition} to {changes}
            update {table} set {changes} where {condition}
            Please set {changes} in the table {table} if {condition}
            All rows in {table} with {condition} should get {changes}
            For {condition} in the table {table}, make it {changes}
            Modify table {table}: where {condition}, set {changes}
            Rows of {table} that have {condition} must become {changes}
        """), answer("table", updated=values.whole(0, 900)), names=("update_records", "modify_rows")),
    FunctionSpec("delete_rows", _DOMAIN, "Delete rows of a database table",
        (text("table", table, names=("from_table",)), text("condition", _condition, "SQL condition", names=("where",))),
        lines("""
            Delete the rows of {table} where {condition}
            Remove all rows with {condition} from {table}
            delete from {table} where {condition}
            Please delete every row in {table} for which {condition}
            Clear the table {table} of rows with {condition}
            Throw out the records of {table} where {condition}
            Rows in {table} with {condition} should be deleted
            Can you erase the entries of the table {table} that have {condition}?
            In {table}, nothing with {condition} should remain, delete those rows
        """), answer("table", deleted=values.whole(0, 900)), names=("delete_records", "remove_rows")),
    FunctionSpec("create_table", _DOMAIN, "Create a database table with columns",
        (text("table", table, names=("name",)), listing("columns", column, 2, 5, names=("fields",)), text("primary_key", values.one_of(("id", "key", "uuid", "code", "number")), required=False)),
        lines("""
            Create the table {table} with the columns {columns}[ and the primary key {primary_key}]
            Make a table {table} that has {columns}[, primary key {primary_key}]
            create table {table}: {columns}[ (primary key {primary_key})]
            I need a new table called {table} with {columns}[, keyed by {primary_key}]
            Please set up a table {table} having the fields {columns}[ with {primary_key} as primary key]
            Define the database table {table} by {columns}[ and primary key {primary_key}]
            Can you add a table {table} whose columns are {columns}[, primary key {primary_key}]?
            We will store {columns} in a new table {table}[, the primary key is {primary_key}]
            A new table please: {table}, columns {columns}[, {primary_key} as its key]
        """), answer("table", created=True), names=("add_table", "make_table")),
    FunctionSpec("drop_table", _DOMAIN, "Delete a whole database table",
        (text("table", table, names=("name",)), flag("cascade", "with everything that depends on it", "only if nothing depends on it")),
        lines("""
            Drop the table {table}[ {cascade}]
            Delete the whole table {table}[, {cascade}]
            drop table {table}[ {cascade}]
            Please remove the table {table} from the database[ {cascade}]
            We don't need the table {table} any more, drop it[ {cascade}]
            Can you drop {table}, the whole table[, {cascade}]?
            Get rid of the database table {table}[ {cascade}]
            The table {table} can go[, {cascade}]
            Erase table {table} completely[, {cascade}]
        """), answer("table", dropped=True), names=("delete_table", "remove_table")),
    FunctionSpec("describe_table", _DOMAIN, "Show the columns of a database table",
        (text("table", table, names=("name",)),),
        lines("""
            Describe the table {table}
            Which columns does the table {table} have?
            Show the schema of {table}
            \\d {table}
            What is the structure of the table {table}?
            Please list the columns of {table}
            How is the table {table} built?
            I need to know the column types of {table}
            What fields are there in table {table}?
        """), lambda a, r: {"columns": [{"name": column(r), "type": r.choice(("int", "text", "date"))} for _ in range(2)]}, names=("table_schema", "list_columns")),
    FunctionSpec("list_tables", _DOMAIN, "List the tables of a database",
        (text("database", database, names=("db",)),),
        lines("""
            List the tables of {database}
            Which tables are in the database {database}?
            Show all tables in {database}
            tables {database}
            What tables does the database {database} have?
            Please give me the table names of {database}
            I want an overview of the tables in {database}
            Look into the database {database} and list its tables
            Name every table that {database} contains
        """), lambda a, r: {"tables": [table(r) for _ in range(r.randint(1, 3))]}, names=("show_tables", "get_tables")),
    FunctionSpec("add_column", _DOMAIN, "Add a column to a table",
        (text("table", table, names=("to_table",)), text("column", column, names=("name",)), choice("type", ("integer", "text", "boolean", "date", "float"))),
        lines("""
            Add a {type} column {column} to {table}
            Add the column {column} of type {type} to the table {table}
            alter table {table} add {column} {type}
            Give the table {table} a new {type} column called {column}
            Please extend {table} by a column {column} ({type})
            {table} needs another column, {column}, as {type}
            Can you put a {type} field {column} into the table {table}?
            The table {table} should also have {column} with type {type}
            In table {table}, create a column {column} holding {type} values
        """), answer("table", "column"), names=("create_column",)),
    FunctionSpec("rename_column", _DOMAIN, "Rename a column of a table",
        (text("table", table, names=("in_table",)), text("old", column, names=("column",)), text("new", column, names=("new_name",))),
        lines("""
            Rename the column {old} of {table} to {new}
            In {table}, rename the column {old} to {new}
            alter table {table} rename {old} to {new}
            Change the column name {old} to {new} in the table {table}
            Please call the column {old} of {table} {new} instead
            The column {old} in {table} should be named {new}
            Give column {old} of the table {table} the name {new}
            Can the column {old} in table {table} be renamed {new}?
            For the table {table}, the field {old} gets the new name {new}
        """), answer("table", "new"), names=("change_column_name",)),
    FunctionSpec("create_index", _DOMAIN, "Create an index on columns",
        (text("table", table, names=("on_table",)), listing("columns", column, 1, 3, names=("fields",)), flag("unique", "as a unique index", "not unique")),
        lines("""
            Create an index on {columns} of {table}[, {unique}]
            Index the table {table} by {columns}[, {unique}]
            create index {table} ({columns})[ {unique}]
            Queries by {columns} on {table} are slow, add an index[, {unique}]
            Please add an index over {columns} to the table {table}[, {unique}]
            Can you make an index for {columns} in {table}[, {unique}]?
            I need the table {table} indexed on {columns}[, {unique}]
            Put a database index on {table}, columns {columns}[, {unique}]
            Speed up {table} with an index covering {columns}[, {unique}]
        """), answer("table", indexed=True), names=("add_index",)),
    FunctionSpec("explain_query", _DOMAIN, "Show the plan of an SQL query",
        (text("sql", _sql, names=("query",)), flag("analyze", "actually running it", "without running it")),
        lines("""
            Explain the query {sql}[, {analyze}]
            Show the query plan of "{sql}"[, {analyze}]
            explain {sql}[ - {analyze}]
            Why is "{sql}" slow? Show its plan[, {analyze}]
            How would the database execute {sql}[? Tell me {analyze}]
            Please get the execution plan for "{sql}"[ by {analyze}]
            Does "{sql}" use an index? Look at its plan[, {analyze}]
            I want to see the plan for {sql}[, {analyze}]
            What steps does the planner choose for "{sql}"[, {analyze}]?
        """), lambda a, r: {"plan": r.choice(("index scan", "sequential scan")), "cost": values.decimal(1, 900)(r)}, names=("query_plan", "explain_sql")),
    FunctionSpec("backup_database", _DOMAIN, "Back up a database to a file",
        (text("database", database, names=("db",)), text("path", values.file_with("sql", "dump", "bak"), names=("file",)), flag("compress", "compressed", "uncompressed")),
        lines("""
            Back up the database {database} to {path}[, {compress}]
            Dump {database} into {path}[, {compress}]
            pg_dump {database} > {path}[ {compress}]
            Make a backup of {database} in the file {path}[, {compress}]
            Please save a dump of the database {database} as {path}[, {compress}]
            Can you back up {database} to the file {path}[, {compress}]?
            I want {database} backed up at {path}[, {compress}]
            Store a copy of the whole database {database} in {path}[, {compress}]
            Before the upgrade, write {database} out to {path} as a backup[, {compress}]
        """), answer("path", bytes=values.magnitudes(1000, 90_000_000)), names=("dump_database",)),
    FunctionSpec("restore_database", _DOMAIN, "Restore a database from a backup file",
        (text("database", database, names=("db",)), text("path", values.file_with("sql", "dump", "bak"), names=("file",))),
        lines("""
            Restore the database {database} from {path}
            Load the backup {path} into {database}
            pg_restore {path} to {database}
            Bring back {database} from the dump {path}
            Please restore {database} using the backup file {path}
            Use the backup {path} to restore the database {database}
            Something broke {database}, restore it from {path}
            Can you get the database {database} back out of {path}?
            Read the dump {path} back into the database {database}
        """), answer("database", restored=True), names=("load_backup",)),
    FunctionSpec("import_csv", _DOMAIN, "Import a CSV file into a table",
        (text("path", values.file_with("csv", "tsv"), names=("file",)), text("table", table, names=("into_table",)), flag("header", "with a header line", "without a header line")),
        lines("""
            Import {path} into the table {table}[, {header}]
            Load the CSV file {path} into {table}[ {header}]
            copy {table} from {path}[ {header}]
            Put the rows of {path} in the table {table}[, {header}]
            Please import the CSV {path} to {table}[, {header}]
            Fill {table} with the data of {path}[, {header}]
            Can you read {path} into the database table {table}[, {header}]?
            The data for {table} is in {path}, import it[ {header}]
            Take {path} and add its lines to the table {table}[, {header}]
        """), answer("table", imported=_ROWS), names=("load_csv",)),
    FunctionSpec("export_table", _DOMAIN, "Export a table to a file",
        (text("table", table, names=("from_table",)), text("path", values.file_path, names=("file",)), choice("format", ("csv", "json", "xml", "parquet"), required=False, default="csv")),
        lines("""
            Export the table {table} to {path}[ as {format}]
            Write all rows of {table} to the file {path}[ in {format}]
            Save the table {table} in {path}[ as {format}]
            export {table} > {path}[ {format}]
            Please dump table {table} to {path}[ in {format} format]
            I need the data of the table {table} in the file {path}[, as {format}]
            Can you export {table} from the database into {path}[ using {format}]?
            Give me the table {table} as a file {path}[ in {format}]
            The contents of table {table} should go to {path}[, format {format}]
        """), answer("path", rows=_ROWS), names=("dump_table",)),
    FunctionSpec("create_database", _DOMAIN, "Create a new database",
        (text("name", database, names=("database",)), choice("encoding", ("utf8", "latin1", "ascii"), required=False, default="utf8")),
        lines("""
            Create a database called {name}[ with encoding {encoding}]
            Make a new database {name}[ in {encoding}]
            create database {name}[ {encoding}]
            I need an empty database {name}[, encoding {encoding}]
            Please set up the database {name}[ using {encoding}]
            Can you add a database named {name}[ with {encoding} text]?
            Start a new database for the project, {name}[, in {encoding}]
            There should be a database {name}, create it[ with {encoding}]
            Give me a fresh database {name}[ encoded as {encoding}]
        """), answer("name", created=True), names=("new_database",)),
    FunctionSpec("grant_access", _DOMAIN, "Give a user rights on a table",
        (text("user", _user, names=("to_user",)), listing("rights", values.one_of(("select", "insert", "update", "delete")), 1, 3, names=("privileges",)), text("table", table, names=("on_table",))),
        lines("""
            Grant {user} the rights {rights} on {table}
            Give {user} {rights} rights on the table {table}
            grant {rights} on {table} to {user}
            Let the user {user} do {rights} on {table}
            Please allow {user} to {rights} in the table {table}
            {user} needs the rights {rights} for {table}
            Can you grant {rights} for the table {table} to {user}?
            On the table {table}, user {user} may {rights}
            Make sure that {user} has the privileges {rights} on {table}
        """), answer("user", granted=True), names=("grant_rights", "grant_privileges")),
    FunctionSpec("cache_set", _DOMAIN, "Store a value under a key",
        (text("key", key, names=("name",)), text("value", values.mixed(values.word, values.slug, values.sentence, values.email), names=("data",)), integer("ttl", values.magnitudes(5, 90_000), "seconds to live", required=False, names=("expires_in",))),
        lines("""
            Store "{value}" under the key {key}[ for {ttl} seconds]
            Set the key {key} to "{value}"[, expiring after {ttl} seconds]
            redis set {key} "{value}"[ ex {ttl}]
            Put "{value}" in the cache as {key}[ with a ttl of {ttl}]
            Please cache "{value}" with the key {key}[ for {ttl} seconds]
            Remember "{value}" in the cache at {key}[, it lives {ttl} seconds]
            Can you save "{value}" as cache entry {key}[, valid {ttl} seconds]?
            The cache key {key} should hold "{value}"[ for the next {ttl} seconds]
            Write the cache entry {key}: "{value}"[, {ttl} seconds]
        """), answer("key", stored=True), names=("set_key", "store_value")),
    FunctionSpec("cache_get", _DOMAIN, "Get the value of a key",
        (text("key", key, names=("name",)),),
        lines("""
            What is stored under the key {key}?
            Get the value of the key {key}
            redis get {key}
            Read {key} from the cache
            Look up the cache entry {key}
            Please fetch the cached value for {key}
            Which value does the cache key {key} have?
            Is there something in the cache for {key}?
            Show me the cached {key}
        """), answer("key", value=values.word), names=("get_key", "read_value")),
    FunctionSpec("cache_delete", _DOMAIN, "Remove keys from the store",
        (listing("keys", key, 1, 3, names=("names",)),),
        lines("""
            Delete the keys {keys} from the cache
            Remove {keys} from the cache
            redis del {keys}
            Clear the cache entries {keys}
            Please invalidate {keys} in the cache
            The cached {keys} must be forgotten
            Can you evict {keys} from the cache?
            Drop the cache keys {keys}
            {keys} should no longer be cached
        """), answer(deleted=values.whole(0, 3)), names=("delete_keys", "evict_keys")),
)  # fmt: skip
