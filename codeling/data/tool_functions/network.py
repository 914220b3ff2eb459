# ruff: noqa: E501  (each line is one entry of a table)
"""Network tools: reachability, names, ports, addresses, downloads, the firewall. Address arithmetic is computed."""

from __future__ import annotations

import ipaddress
import urllib.parse
from random import Random
from typing import Any

from codeling.data.tool_functions import values
from codeling.data.tool_functions.spec import FunctionSpec, answer, choice, flag, integer, lines, listing, mapping, text

_DOMAIN = "network"
_PORT = values.mixed(
    values.one_of((22, 25, 53, 80, 443, 3306, 5432, 6379, 8000, 8080, 9090)), values.whole(1024, 65535)
)
_HOST = values.mixed(values.host, values.host, values.ipv4)
_MILLISECONDS = values.decimal(0.2, 300)
_INTERFACES = values.one_of(("eth0", "eth1", "wlan0", "wlan1", "lo", "en0", "en1", "wg0", "tun0", "docker0", "br0"))


def network(random: Random) -> str:
    """A network with its prefix: 10.4.77.0/24."""
    prefix = random.choice((8, 16, 20, 22, 24, 26, 28, 30))
    return str(ipaddress.ip_network(f"{values.ipv4(random)}/{prefix}", strict=False))


def _mac(random: Random) -> str:
    return ":".join(values.hexadecimal(2)(random) for _ in range(6))


def _ping(a: dict[str, Any], random: Random) -> Any:
    return {"host": a["host"], "sent": a["count"], "received": a["count"], "average_ms": _MILLISECONDS(random)}


def _subnet(a: dict[str, Any], random: Random) -> Any:
    found = ipaddress.ip_network(a["network"])
    return {"netmask": str(found.netmask), "broadcast": str(found.broadcast_address), "addresses": found.num_addresses}


def _url_parts(a: dict[str, Any], random: Random) -> Any:
    parts = urllib.parse.urlsplit(a["url"])
    return {"scheme": parts.scheme, "host": parts.hostname, "path": parts.path}


def _in_network(a: dict[str, Any], random: Random) -> Any:
    return {"inside": ipaddress.ip_address(a["address"]) in ipaddress.ip_network(a["network"])}


def _near_address(a: dict[str, Any], random: Random) -> dict[str, Any]:
    """Half of the time an address inside the network, so that both answers happen."""
    if random.random() < 0.5:
        return a
    found = ipaddress.ip_network(a["network"])
    return {**a, "address": str(found[random.randrange(found.num_addresses)])}


FUNCTIONS: tuple[FunctionSpec, ...] = (
    FunctionSpec("ping_host", _DOMAIN, "Ping a host",
        (text("host", _HOST, names=("address",)), integer("count", values.whole(1, 50), "packets to send", required=False, default=4)),
        lines("""
            Ping {host}[ {count} times]
            ping {host}[ -c {count}]
            Send[ {count}] pings to {host}
            Please ping the host {host}[ with {count} packets]
            How fast does {host} answer a ping[? Send {count} packets]
            Can you ping {host}[, {count} packets]?
            Try pinging {host}[ {count} times]
            What is the ping time to {host}[, measured with {count} packets]?
            I'd like to know the latency of {host}[, over {count} packets]
        """), _ping, names=("ping", "measure_latency")),
    FunctionSpec("resolve_host", _DOMAIN, "Find the IP address of a host name",
        (text("host", values.host, names=("hostname",)),),
        lines("""
            What is the IP address of {host}?
            Resolve {host}
            Which IP does {host} have?
            ip of {host}
            Look up the address of the host {host}
            Please find the IP for {host}
            Translate the host name {host} to an IP address
            To which address does {host} resolve?
            Where does the name {host} point, as an IP?
        """), answer("host", address=values.ipv4), names=("get_host_ip", "resolve_hostname")),
    FunctionSpec("reverse_lookup", _DOMAIN, "Find the host name of an IP address",
        (text("address", values.ipv4, names=("ip",)),),
        lines("""
            Which host name belongs to {address}?
            Reverse lookup of {address}
            What is the hostname of the IP {address}?
            rdns {address}
            Find the name behind the address {address}
            Please look up the host for IP {address}
            Who is {address} by name?
            The log shows {address}, which host is that?
            Turn the IP {address} into a host name
        """), answer("address", host=values.host), names=("reverse_dns", "ip_to_hostname")),
    FunctionSpec("query_dns", _DOMAIN, "Query DNS records of a domain",
        (text("domain", values.host, names=("name",)), choice("type", ("A", "AAAA", "MX", "TXT", "NS", "CNAME", "SOA"), "record type", names=("record_type",)),
         text("server", values.ipv4, "name server", required=False)),
        lines("""
            Show the {type} records of {domain}[ from {server}]
            Query DNS for {type} records of {domain}[ at {server}]
            What are the {type} records for {domain}[, asking {server}]?
            dig {domain} {type}[ @{server}]
            Look up the {type} record for the domain {domain}[ using {server}]
            Please get the DNS {type} entries of {domain}[ from the server {server}]
            Which {type} records does {domain} have[ according to {server}]?
            DNS question: {type} for {domain}[, name server {server}]
            Ask the DNS[ at {server}] about {type} records of {domain}
        """), lambda a, r: {"records": [values.host(r) for _ in range(r.randint(1, 2))]}, names=("dns_lookup", "get_dns_records")),
    FunctionSpec("check_port", _DOMAIN, "Check whether a port is open",
        (text("host", _HOST, names=("address",)), integer("port", _PORT), choice("protocol", ("tcp", "udp"), required=False, default="tcp")),
        lines("""
            Is port {port} open on {host}[ for {protocol}]?
            Check port {port} of {host}[ over {protocol}]
            Does {host} listen on port {port}[, {protocol}]?
            port {port} on {host}[ {protocol}]?
            Can one connect to {host} at port {port}[ by {protocol}]?
            Please test if[ {protocol}] port {port} on {host} is open
            See whether {host} accepts connections on port {port}[ ({protocol})]
            Try port {port} at the host {host}[ with {protocol}]
            Find out whether[ the {protocol}] port {port} is reachable on {host}
        """), lambda a, r: {"open": r.random() < 0.5}, names=("test_port", "is_port_open")),
    FunctionSpec("scan_ports", _DOMAIN, "Scan a range of ports",
        (text("host", _HOST, names=("address",)), integer("first", values.whole(1, 5000), "lowest port", names=("start_port",)), integer("last", values.whole(5001, 65535), "highest port", names=("end_port",))),
        lines("""
            Scan ports {first} to {last} on {host}
            Which ports from {first} to {last} are open at {host}?
            Scan {host} from port {first} to port {last}
            port scan {host} {first}-{last}
            Please check all ports between {first} and {last} of {host}
            Look for open ports on {host}, {first} through {last}
            Try the ports {first}-{last} of the machine {host}
            Can you scan my server {host}, ports {first} up to {last}?
            On {host}, what listens between port {first} and {last}?
        """), lambda a, r: {"open": sorted({r.randint(a["first"], a["last"]) for _ in range(r.randint(0, 3))})}, names=("port_scan",)),
    FunctionSpec("trace_route", _DOMAIN, "Trace the route to a host",
        (text("host", _HOST, names=("address",)), integer("max_hops", values.whole(2, 64), required=False, default=30)),
        lines("""
            Trace the route to {host}[ with at most {max_hops} hops]
            traceroute {host}[ -m {max_hops}]
            Which way do packets take to {host}[, up to {max_hops} hops]?
            Show the hops between here and {host}[, maximum {max_hops}]
            Please run a traceroute to {host}[, {max_hops} hops at most]
            How do I get to {host} over the network[, within {max_hops} hops]?
            Trace {host}[, stop after {max_hops} hops]
            What routers lie on the way to {host}[? Limit {max_hops} hops]
            I want to see the network path to {host}[, no more than {max_hops} hops]
        """), lambda a, r: {"hops": [values.ipv4(r) for _ in range(min(3, a["max_hops"]))]}, names=("traceroute", "show_route")),
    FunctionSpec("get_public_ip", _DOMAIN, "Get the public IP of this machine",
        (choice("version", ("ipv4", "ipv6"), required=False, default="ipv4"),),
        lines("""
            What is my public IP[, {version}]?
            Show my public[ {version}] address
            Which[ {version}] address do others see from me?
            my ip[ {version}]
            Get the public IP address of this machine[ as {version}]
            Please tell me my external IP[ ({version})]
            What's my[ {version}] address on the internet?
            From outside, under which IP am I reachable[, {version}]?
            I need to know the external address of my computer[, in {version}]
        """), answer(address=values.ipv4), names=("my_ip", "external_ip")),
    FunctionSpec("list_interfaces", _DOMAIN, "List the network interfaces",
        (flag("active", "only active ones", "inactive ones too", names=("only_active",)),),
        lines("""
            List the network interfaces[, {active}]
            Which network interfaces are there[, {active}]?
            Show all network cards of this machine[, {active}]
            ip link[, {active}]
            What interfaces does this computer have[, {active}]?
            Please show my network interfaces[ - {active}]
            Give me the interfaces with their addresses[, {active}]
            How is this machine connected? List its interfaces[, {active}]
            Print the names of the network interfaces[ ({active})]
        """), lambda a, r: {"interfaces": [{"name": "eth0", "address": values.ipv4(r)}]}, names=("network_interfaces", "show_interfaces")),
    FunctionSpec("set_interface_state", _DOMAIN, "Turn a network interface up or down",
        (text("interface", _INTERFACES, names=("name",)), choice("state", ("up", "down"))),
        lines("""
            Turn the interface {interface} {state}
            Bring {interface} {state}
            Set the network interface {interface} {state}
            ip link set {interface} {state}
            Please take the interface {interface} {state}
            The interface {interface} should be {state}
            Can you make {interface} go {state}?
            Switch network interface {interface} to {state}
            I want {interface} to be {state}, the network interface
        """), answer("interface", "state"), names=("toggle_interface",)),
    FunctionSpec("download_file", _DOMAIN, "Download a URL to a file",
        (text("url", values.url), text("path", values.file_path, "where to save it", names=("destination",))),
        lines("""
            Download {url} to {path}
            Save {url} as {path}
            wget {url} -O {path}
            Please download {url} and store it in {path}
            Get {url} and write it to {path}
            Can you download {url} into {path}?
            I want a local copy of {url} at {path}
            Put what is at {url} into the file {path}
            From {url}, download to {path}
        """), answer("path", bytes=values.magnitudes(100, 90_000_000)), names=("fetch_to_file", "save_url")),
    FunctionSpec("http_request", _DOMAIN, "Send an HTTP request",
        (text("url", values.url), choice("method", ("GET", "POST", "PUT", "DELETE", "HEAD", "PATCH")), mapping("headers", lambda r: f"X-{values.noun(r).title()}", values.word, required=False)),
        lines("""
            Send a {method} request to {url}[ with the headers {headers}]
            {method} {url}[ headers {headers}]
            Make an HTTP {method} to {url}[, headers {headers}]
            Please call {url} with {method}[ and the headers {headers}]
            Do a {method} on {url}[ with headers {headers}]
            What does {url} answer to a {method} request[ with headers {headers}]?
            curl -X {method} {url}[ with {headers}]
            I want to {method} to {url}[, the headers are {headers}]
            Try a {method} request against {url}[, with {headers} as headers]
        """), lambda a, r: {"status": r.choice((200, 200, 201, 404, 500))}, names=("send_http_request", "call_url")),
    FunctionSpec("get_http_status", _DOMAIN, "Check whether a website is up",
        (text("url", values.url), integer("timeout", values.whole(1, 120), "seconds", required=False, default=10)),
        lines("""
            Is the website {url} up[? Wait {timeout} seconds]
            Check if {url} is online[ within {timeout} seconds]
            Does the site {url} work[, timeout {timeout} seconds]?
            is {url} down[, timeout {timeout}]?
            Which status code does {url} return[ within {timeout} seconds]?
            Please see whether the page {url} is reachable[, timeout {timeout}]
            Can people open {url} right now[? Use a timeout of {timeout} seconds]
            Test whether {url} responds[ in {timeout} seconds]
            Customers say {url} doesn't load, is it down[? Allow {timeout} seconds]
        """), lambda a, r: {"status": r.choice((200, 200, 301, 404, 503))}, names=("check_website", "website_status")),
    FunctionSpec("get_http_headers", _DOMAIN, "Show the response headers of a URL",
        (text("url", values.url),),
        lines("""
            Show the response headers of {url}
            Which headers does {url} send?
            curl -I {url}
            What are the HTTP headers of {url}?
            Get only the headers from {url}
            Please print the headers that {url} returns
            I want to inspect the response headers from {url}
            Let me see what headers come with {url}
            Look at the HTTP header fields of {url}
        """), lambda a, r: {"content-type": "text/html", "content-length": values.magnitudes(100, 90000)(r)}, names=("response_headers",)),
    FunctionSpec("check_certificate", _DOMAIN, "Check the TLS certificate of a host",
        (text("host", values.host, names=("hostname",)), integer("port", _PORT, required=False, default=443)),
        lines("""
            Check the certificate of {host}[ on port {port}]
            When does the TLS certificate of {host} expire[, port {port}]?
            Is the SSL certificate of {host} valid[ at port {port}]?
            cert {host}[:{port}]
            How long is the certificate for {host} still good[, on port {port}]?
            Please look at the TLS certificate of {host}[, port {port}]
            Who issued the certificate of {host}[ on port {port}]?
            Has the certificate on {host} run out[? The port is {port}]
            Inspect the https certificate at {host}[ (port {port})]
        """), answer("host", expires=values.iso_date), names=("tls_certificate", "ssl_check")),
    FunctionSpec("whois_domain", _DOMAIN, "Find who registered a domain",
        (text("domain", values.host, names=("name",)),),
        lines("""
            Who owns the domain {domain}?
            whois {domain}
            Who registered {domain}?
            Look up the registration of {domain}
            When was the domain {domain} registered and by whom?
            Please do a whois for {domain}
            To whom does the domain {domain} belong?
            Get the whois data of {domain}
            Find out who is behind the domain name {domain}
        """), answer("domain", owner=values.full_name, created=values.iso_date), names=("whois", "domain_owner")),
    FunctionSpec("locate_ip", _DOMAIN, "Find where an IP address is located",
        (text("address", values.ipv4, names=("ip",)),),
        lines("""
            Where is the IP {address} located?
            Which country does {address} come from?
            Geolocate {address}
            geoip {address}
            Find the location of the IP address {address}
            Please tell me the city of IP {address}
            A login came from {address}, where in the world is that?
            From what place is {address}?
            Show me on the map where {address} is
        """), answer("address", country=values.one_of(("Germany", "Japan", "Brazil", "Kenya", "Canada", "India"))), names=("geolocate_ip", "ip_location")),
    FunctionSpec("block_ip", _DOMAIN, "Block an IP address in the firewall",
        (text("address", values.ipv4, names=("ip",)), integer("minutes", values.magnitudes(1, 10_000), required=False)),
        lines("""
            Block the IP {address}[ for {minutes} minutes]
            Ban {address}[ for {minutes} minutes]
            Firewall: block {address}[ {minutes} minutes]
            Don't let {address} in any more[ for {minutes} minutes]
            Please block all traffic from {address}[ for {minutes} minutes]
            {address} is attacking us, block it[ for {minutes} minutes]
            Can you drop packets of {address}[ for the next {minutes} minutes]?
            Put {address} on the block list[ for {minutes} minutes]
            Keep the address {address} out[ for {minutes} minutes]
        """), answer("address", blocked=True), names=("ban_ip",)),
    FunctionSpec("unblock_ip", _DOMAIN, "Allow a blocked IP address again",
        (text("address", values.ipv4, names=("ip",)),),
        lines("""
            Unblock {address}
            Let {address} in again
            Remove the block on the IP {address}
            Please unban {address}
            Lift the firewall block for {address}
            {address} was blocked by mistake, allow it again
            Can you take {address} off the block list?
            Traffic from {address} is fine again, unblock it
            End the ban of {address}
        """), answer("address", blocked=False), names=("unban_ip",)),
    FunctionSpec("open_firewall_port", _DOMAIN, "Open a port in the firewall",
        (integer("port", _PORT), choice("protocol", ("tcp", "udp"), required=False, default="tcp"), text("source", network, "network allowed in", required=False)),
        lines("""
            Open port {port} in the firewall[ for {protocol}][ from {source}]
            Allow[ {protocol}] port {port} through the firewall[ from {source}]
            ufw allow {port}[/{protocol}][ from {source}]
            Please open the firewall on port {port}[, {protocol}][, only from {source}]
            Let traffic through on port {port}[ over {protocol}][ from {source}]
            The firewall should allow port {port}[ ({protocol})][ from {source}]
            Can you open up[ {protocol}] port {port} in our firewall[ to {source}]?
            Make a firewall rule that lets in port {port}[, protocol {protocol}][, source {source}]
            Punch a hole in the firewall at port {port}[ for {protocol}][ coming from {source}]
        """), answer("port", open=True), names=("allow_port",)),
    FunctionSpec("close_firewall_port", _DOMAIN, "Close a port in the firewall",
        (integer("port", _PORT), choice("protocol", ("tcp", "udp"), required=False, default="tcp")),
        lines("""
            Close port {port} in the firewall[ for {protocol}]
            Deny[ {protocol}] port {port} in the firewall
            ufw deny {port}[/{protocol}]
            Please close the firewall on port {port}[, {protocol}]
            Stop letting traffic in on port {port}[ over {protocol}]
            The firewall should block port {port}[ ({protocol})]
            Can you shut[ {protocol}] port {port} in our firewall?
            Port {port} must not be reachable, close it in the firewall[ for {protocol}]
            No more traffic through the firewall on port {port}[, protocol {protocol}]
        """), answer("port", open=False), names=("deny_port",)),
    FunctionSpec("subnet_info", _DOMAIN, "Compute netmask and size of a network",
        (text("network", network, names=("cidr",)),),
        lines("""
            What is the netmask of {network}?
            How many addresses are in {network}?
            Subnet info for {network}
            Calculate the subnet {network}
            What are netmask and broadcast of {network}?
            Please work out the size of the network {network}
            How large is the subnet {network}?
            Break down the network {network} for me
            Which broadcast address does {network} have?
        """), _subnet, names=("subnet_calculator", "cidr_info")),
    FunctionSpec("ip_in_network", _DOMAIN, "Check whether an IP is in a network",
        (text("address", values.ipv4, names=("ip",)), text("network", network, names=("cidr",))),
        lines("""
            Is {address} in {network}?
            Does {address} belong to the network {network}?
            Check whether the IP {address} is inside {network}
            Is the address {address} part of {network}?
            {address} in subnet {network}?
            Please test if {address} lies within {network}
            Does the range {network} contain {address}?
            Tell me if {network} includes the IP {address}
            Would {address} be covered by {network}?
        """), _in_network, names=("address_in_subnet",), relate=_near_address),
    FunctionSpec("parse_url", _DOMAIN, "Split a URL into its parts",
        (text("url", values.url),),
        lines("""
            Split {url} into its parts
            What are the parts of the URL {url}?
            Parse {url}
            Take the URL {url} apart
            Which host and path are in {url}?
            Please break {url} down into scheme, host and path
            url parts: {url}
            I need the components of {url}
            Analyse the structure of the link {url}
        """), _url_parts, names=("split_url", "url_components")),
    FunctionSpec("shorten_url", _DOMAIN, "Make a short link for a URL",
        (text("url", values.url), text("alias", values.slug, "wanted ending", required=False)),
        lines("""
            Shorten {url}[ with the alias {alias}]
            Make a short link for {url}[ ending in {alias}]
            I need a short URL for {url}[, called {alias}]
            short link {url}[ alias {alias}]
            Please turn {url} into a short link[ named {alias}]
            {url} is too long to type, shorten it[ to {alias}]
            Can you create a short version of the link {url}[ as {alias}]?
            Give me something shorter than {url} to share[, use the alias {alias}]
            Get a tiny link that leads to {url}[, with {alias} at the end]
        """), lambda a, r: {"url": f"https://sho.rt/{a['alias'] or values.hexadecimal(6)(r)}"}, names=("create_short_link",)),
    FunctionSpec("speed_test", _DOMAIN, "Measure the speed of the connection",
        (choice("direction", ("download", "upload"), required=False), text("server", values.host, required=False)),
        lines("""
            Run a speed test[ for {direction}][ against {server}]
            How fast is my internet[, {direction}][, measured with {server}]?
            Measure the[ {direction}] speed of my connection[ to {server}]
            speedtest[ {direction}][ {server}]
            Please test my internet speed[ ({direction})][ using {server}]
            What bandwidth do I have[ for {direction}][ to the server {server}]?
            Is my connection slow today? Test[ {direction}] speed[ at {server}]
            Check how quick the internet is here[, {direction}][, with the server {server}]
            I'd like to know my connection speed[, {direction}][, tested on {server}]
        """), answer(download_mbps=values.decimal(1, 900), upload_mbps=values.decimal(1, 400)), names=("internet_speed", "measure_bandwidth")),
    FunctionSpec("wake_on_lan", _DOMAIN, "Wake a machine by its MAC address",
        (text("mac", _mac, names=("mac_address",)),),
        lines("""
            Wake the machine with MAC {mac}
            Send a wake-on-LAN packet to {mac}
            wol {mac}
            Wake up {mac}
            Please turn on the computer with the MAC address {mac}
            Can you wake the PC {mac} over the network?
            The machine {mac} is asleep, wake it
            Send the magic packet for {mac}
            I need the computer {mac} awake
        """), answer("mac", sent=True), names=("wake_machine",)),
    FunctionSpec("find_lan_devices", _DOMAIN, "Find devices in a local network",
        (text("network", network, names=("cidr",)),),
        lines("""
            Which devices are in {network}?
            Find all devices on the network {network}
            Who is connected to {network}?
            discover hosts {network}
            List the machines in the local network {network}
            Please search {network} for active devices
            What computers can you see in {network}?
            Is there a strange device in my network {network}? List them
            Show me everything that is alive on {network}
        """), lambda a, r: {"devices": [values.ipv4(r) for _ in range(r.randint(1, 3))]}, names=("discover_devices", "scan_network")),
    FunctionSpec("copy_to_server", _DOMAIN, "Copy files to another machine",
        (listing("files", values.file_name, 1, 3, names=("paths",)), text("host", _HOST, names=("server",)), text("folder", values.folder, required=False, default="~", names=("directory",))),
        lines("""
            Copy {files} to the server {host}[ in {folder}]
            scp {files} {host}[:{folder}]
            Send {files} over to {host}[ into {folder}]
            Please upload {files} to {host}[, folder {folder}]
            Put {files} on the machine {host}[ under {folder}]
            Can you transfer {files} to {host}[ into the folder {folder}]?
            {files} should be on {host}[ in the directory {folder}]
            Upload {files} to host {host}[ at {folder}]
            The server {host} needs {files}[ in {folder}]
        """), answer("host", copied=True), names=("upload_to_server", "remote_copy")),
    FunctionSpec("run_remote_command", _DOMAIN, "Run a command on another machine",
        (text("host", _HOST, names=("server",)), text("command", lambda r: f"{r.choice(('ls', 'cat', 'du -sh', 'rm', 'tail', 'wc -l'))} {values.file_path(r)}"), text("user", values.login, required=False, default="root")),
        lines("""
            Run "{command}" on {host}[ as {user}]
            Over ssh, run "{command}" on {host}[ as {user}]
            ssh {host}[ -l {user}] "{command}"
            Please execute "{command}" on the server {host}[ as the user {user}]
            Log in to {host}[ as {user}] and run "{command}"
            Can you run "{command}" at {host}[, user {user}]?
            On the machine {host}, execute "{command}"[ as {user}]
            Connect to {host}[ with user {user}] and do "{command}"
            I need the output of "{command}" from {host}[, logged in as {user}]
        """), answer("host", exit_code=0), names=("ssh_command",)),
)  # fmt: skip
