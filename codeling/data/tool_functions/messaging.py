"""Messages: mail, chat, calls, contacts and posts; the sending is simulated."""

from __future__ import annotations

from codeling.data.tool_functions.everyday_values import (
    chore,
    clock,
    day,
    event,
    first_name,
    full_name,
    phone,
    sentence,
    title,
    topic,
)
from codeling.data.tool_functions.spec import FunctionSpec, answer, choice, flag, integer, lines, listing, text
from codeling.data.tool_functions.values import email, mixed, one_of, whole

_DOMAIN = "messaging"
_person = mixed(first_name, full_name)
_id = whole(1000, 99999)

FUNCTIONS: tuple[FunctionSpec, ...] = (
    FunctionSpec(
        "send_email",
        _DOMAIN,
        "Send an e-mail",
        (
            text("to", email, names=("recipient", "address")),
            text("subject", mixed(title, event)),
            text("body", sentence, names=("text", "message")),
            flag("urgent", "as urgent", "as not urgent", default=False),
        ),
        lines("""
            Send an email to {to} with the subject "{subject}" and the text "{body}"[, marked {urgent}]
            Email {to}, subject "{subject}": "{body}"[, mark it {urgent}]
            Write an e-mail to {to}. Subject: {subject}. Text: "{body}"[. Mark it {urgent}]
            mail {to} subject "{subject}" body "{body}"[ {urgent}]
            I want to mail "{body}" to {to} under the subject "{subject}"[ {urgent}]
            Send {to} a mail called "{subject}" that says "{body}"[, flagged {urgent}]
            Please send "{body}" by email to {to}, the subject is "{subject}"[, treat it {urgent}]
            Compose a mail: to {to}, subject "{subject}", message "{body}"[, sent {urgent}]
            {to} should get an email titled "{subject}" with "{body}" in it[, {urgent}]
            Shoot an email over to {to} - "{subject}" - saying "{body}"[, {urgent}]
        """),
        answer("to", sent=True, id=_id),
        names=("email", "write_email"),
    ),
    FunctionSpec(
        "send_text",
        _DOMAIN,
        "Send a text message to a phone number",
        (text("number", phone, names=("phone", "to")), text("message", sentence, names=("text", "body"))),
        lines("""
            Text {number}: "{message}"
            Send the SMS "{message}" to {number}
            sms {number} "{message}"
            Send a text message to {number} saying "{message}"
            Please text "{message}" to the number {number}
            Write to {number} by SMS: "{message}"
            Send "{message}" as a text to {number}
            The number {number} should receive the text "{message}"
            Drop a text to {number} with the words "{message}"
            I need to tell the person at {number} by SMS that "{message}"
        """),
        answer("number", sent=True),
        names=("send_sms", "text_message"),
    ),
    FunctionSpec(
        "chat_message",
        _DOMAIN,
        "Send a chat message to a contact",
        (text("contact", _person, names=("to", "recipient")), text("message", sentence, names=("text", "content"))),
        lines("""
            Tell {contact} "{message}"
            Send {contact} the message "{message}"
            Message {contact}: {message}
            chat to {contact}: "{message}"
            Write "{message}" to {contact} in the chat
            Let {contact} know: {message}
            Can you send "{message}" to {contact}?
            Please write {contact} a message that says "{message}"
            Ping {contact} with "{message}"
            My message for {contact} is "{message}", send it
        """),
        answer("contact", delivered=True),
        names=("send_message", "message_contact"),
    ),
    FunctionSpec(
        "message_group",
        _DOMAIN,
        "Send a message to several people",
        (
            listing("contacts", first_name, 2, 4, names=("recipients", "people")),
            text("message", sentence, names=("text", "content")),
        ),
        lines("""
            Send "{message}" to {contacts}
            Tell {contacts} this: "{message}"
            Group message to {contacts}: {message}
            group {contacts}: "{message}"
            Write to {contacts} that "{message}"
            Let {contacts} all know: "{message}"
            Share the message "{message}" with {contacts}
            Everyone of {contacts} should read "{message}"
            Inform {contacts} together: {message}
            One message for {contacts}, please: "{message}"
        """),
        answer("contacts", sent=True),
        names=("group_message", "broadcast"),
    ),
    FunctionSpec(
        "make_call",
        _DOMAIN,
        "Call a contact",
        (
            text("contact", _person, names=("person", "name")),
            choice("kind", ("voice", "video"), required=False, default="voice"),
        ),
        lines("""
            Call {contact}[ by {kind}]
            Phone {contact}[ with a {kind} call]
            Make a[ {kind}] call to {contact}
            call {contact}[ {kind}]
            I want to talk to {contact}[ in a {kind} call]
            Please ring {contact}[, {kind} call]
            Start a[ {kind}] call with {contact}
            Get {contact} on the line[ via {kind}]
            Dial {contact} for me[, I want {kind}]
            Can you connect me with {contact}[ over {kind}]?
        """),
        answer("contact", status=one_of(("ringing", "busy", "no answer"))),
        names=("call_contact", "phone_call"),
    ),
    FunctionSpec(
        "add_contact",
        _DOMAIN,
        "Save a new contact",
        (
            text("name", full_name, names=("person",)),
            text("phone", phone, names=("number",)),
            text("email", email, required=False),
        ),
        lines("""
            Save {name} as a contact with the number {phone}[ and the email {email}]
            Add {name} to my contacts, phone {phone}[, email {email}]
            New contact: {name}, {phone}[, {email}]
            contact {name} {phone}[ {email}]
            Store the phone number {phone} of {name}[ with the address {email}]
            The number of {name} is {phone}[ and the email {email}], save it
            Put {name} in the address book: {phone}[, {email}]
            I met {name}; keep the number {phone}[ and the mail address {email}]
            Create a contact entry for {name} with phone {phone}[ plus email {email}]
            Please remember how to reach {name}: {phone}[ or {email}]
        """),
        answer("name", id=_id),
        names=("save_contact", "create_contact"),
    ),
    FunctionSpec(
        "find_contact",
        _DOMAIN,
        "Look up phone and email of a contact",
        (text("name", _person, names=("person",)),),
        lines("""
            What is the phone number of {name}?
            Find {name} in my contacts
            Look up the contact {name}
            contact info {name}
            How can I reach {name}?
            I need the email address of {name}
            Show me the contact details of {name}
            Do I have the number of {name}?
            Under which number do I get hold of {name}?
            Search the address book for {name}
        """),
        answer("name", phone=phone, email=email),
        names=("get_contact", "lookup_contact"),
    ),
    FunctionSpec(
        "search_mail",
        _DOMAIN,
        "Search e-mails in the mailbox",
        (
            text("query", mixed(topic, event), names=("text", "keywords")),
            text("sender", mixed(first_name, email), required=False, names=("from",)),
            flag("unread", "only unread ones", "only read ones"),
        ),
        lines("""
            Find emails about {query}[ from {sender}][, {unread}]
            Search my mail for {query}[ sent by {sender}][, {unread}]
            mails: {query}[, from {sender}][, {unread}]
            Which emails mention {query}[ and come from {sender}][, {unread}]?
            Show me the messages in my mailbox about {query}[ by {sender}][, {unread}]
            I'm looking for an email concerning {query}[ from {sender}][, {unread}]
            Look through the inbox for {query}[, sender {sender}][, {unread}]
            Did I get mail about {query}[ from {sender}][? Check {unread}]
            Somewhere in my inbox is something on {query}[, written by {sender}][, {unread}]
            Dig up e-mails dealing with {query}[ that {sender} wrote][, {unread}]
        """),
        answer("query", matches=whole(0, 40)),
        names=("mail_search", "search_inbox"),
    ),
    FunctionSpec(
        "reply_mail",
        _DOMAIN,
        "Reply to an e-mail by its number",
        (
            integer("id", _id, names=("mail_id", "message_id")),
            text("body", sentence, names=("text", "message")),
            flag("all", "to all", "only to the sender", "reply to all", default=False),
        ),
        lines("""
            Reply "{body}" to email {id}[, {all}]
            Answer mail number {id} with "{body}"[ {all}]
            Reply[ {all}] on message {id}: "{body}"
            reply {id} "{body}"[ {all}]
            Write back "{body}" to the mail {id}[, {all}]
            Respond to email {id}[ {all}] saying "{body}"
            Please answer the email with number {id}[, {all}]: "{body}"
            My reply to mail {id}[, {all},] is "{body}"
            For the email {id}, send back "{body}"[ {all}]
            Mail {id} needs a response[ {all}]: "{body}"
        """),
        answer("id", sent=True),
        names=("answer_email", "respond_email"),
    ),
    FunctionSpec(
        "schedule_message",
        _DOMAIN,
        "Send a message to a contact later",
        (
            text("contact", _person, names=("to", "recipient")),
            text("message", sentence, names=("text",)),
            text("day", day, names=("date",)),
            text("time", clock),
        ),
        lines("""
            Send {contact} "{message}" {day} at {time}
            Schedule the message "{message}" to {contact} for {day} at {time}
            {day} at {time}, write {contact}: "{message}"
            later: {contact}, {day} {time}, "{message}"
            Please deliver "{message}" to {contact} {day} at {time}
            At {time} {day} send {contact} the text "{message}"
            Plan a message for {contact}, {day}, {time}: "{message}"
            I want {contact} to get "{message}" {day} at {time}
            Don't send it now: "{message}" goes to {contact} {day} at {time}
            Let {contact} receive "{message}" {day}, {time} sharp
        """),
        answer("contact", "day", "time", id=_id),
        names=("delayed_message", "send_later"),
    ),
    FunctionSpec(
        "post_update",
        _DOMAIN,
        "Publish a post on a social network",
        (
            text("text", sentence, names=("content", "message")),
            listing(
                "tags",
                one_of(
                    (
                        "travel",
                        "food",
                        "music",
                        "garden",
                        "books",
                        "football",
                        "art",
                        "coffee",
                        "family",
                        "cats",
                        "dogs",
                        "hiking",
                        "work",
                        "school",
                        "sunset",
                        "cooking",
                        "cycling",
                    )
                ),
                1,
                3,
                required=False,
                names=("hashtags",),
            ),
        ),
        lines("""
            Post "{text}"[ with the tags {tags}]
            Publish the post "{text}"[, tagged {tags}]
            Share "{text}" on my profile[ with tags {tags}]
            post: "{text}"[, tags {tags}]
            Put "{text}" on the social network[ under {tags}]
            I'd like to post "{text}"[ tagging {tags}]
            Tell all my followers "{text}"[ with the hashtags {tags}]
            Update my status to "{text}"[, tags: {tags}]
            New post saying "{text}"[ and the tags {tags}]
            Let the world know "{text}"[ with {tags} as tags]
        """),
        answer("text", likes=0, id=_id),
        names=("publish_post", "share_post"),
    ),
    FunctionSpec(
        "block_number",
        _DOMAIN,
        "Block a phone number",
        (text("number", phone, names=("phone",)), text("reason", chore, "what they wanted", required=False)),
        lines("""
            Block the number {number}[, they wanted me to {reason}]
            Block {number}[ because they ask me to {reason}]
            block {number}[: {reason}]
            No more calls from {number}[, who wants me to {reason}]
            Don't let {number} call me again[; they told me to {reason}]
            Please block calls from {number}[, they said I should {reason}]
            Stop {number} from reaching me[. They want me to {reason}]
            {number} keeps calling[ so that I {reason}], block it
            Put the caller {number} on the block list[, the caller begged me to {reason}]
            I never want to hear from {number} again[, asking me to {reason}]
        """),
        answer("number", blocked=True),
        names=("block_caller", "block_phone"),
    ),
)
