vcl 4.1;

import std;

# A cache of one's own between the network and nginx: Varnish 6 and newer. Fastly's VCL is close to it; the same rules in
# words, for any other network: docs/cdn.md.
#
# Start it with `-p http_gzip_support=off`: else it asks for gzip whatever a reader takes, and unpacks that for those who
# don't. What Allot compressed is kept as it is then, once for each coding.
#
# Where TLS ends in a program in front of it, the two must speak the PROXY protocol (`-a 127.0.0.1:6081,PROXY`, HAProxy's
# `send-proxy-v2`): otherwise everybody has that program's address, for rate limits and for who may purge.

backend default {
    .host = "127.0.0.1";
    .port = "8080";
    .connect_timeout = 1s;
    .first_byte_timeout = 20s;
    .probe = {
        .url = "/health/live";
        .interval = 5s;
        .timeout = 2s;
        .window = 4;
        .threshold = 2;
    }
}

# Who may purge, if nobody stands in between.
acl operators {
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    if (req.method == "PURGE" || req.method == "BAN") {
        if (client.ip !~ operators) {
            return (synth(405));
        }
        # Through a proxy it is not an operator who asks. Varnish adds client.ip and, in newer versions, its own name
        # before this is read; what else is there is a proxy's.
        if (req.http.Forwarded || req.http.X-Forwarded-For ~ "," || req.http.Via ~ ",|^(?!.*[(]Varnish/).") {
            return (synth(405));
        }
        if (req.method == "PURGE") {
            return (purge);
        }
        # Everything of this host.
        ban("obj.http.x-host == " + req.http.host);
        return (synth(200, "Banned"));
    }
    # Said by this cache, whatever the request said.
    set req.http.X-Forwarded-For = client.ip;
    unset req.http.Forwarded;

    # Events stream through.
    if (req.url ~ "^/api/v1/budgets/[^/]+/live$") {
        return (pipe);
    }
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    # Who shows a version must not get an older one: only a process knows.
    if (req.http.If-None-Match) {
        return (pass);
    }
    # What is public depends on no cookie; what is personal says so itself and is not kept.
    if (req.url ~ "^/(pkg|palette|icons|problems)/|^/(favicon[.]svg|robots[.]txt|sitemap[.]xml)$|^/api/v1/budgets(/[^/]+(/aggregate)?)?$|^(/[a-z][a-z])?(/b/[^/]+)?/aggregate$|^/api/v1/openapi[.]json$|^(/[a-z][a-z])?/(about|budgets|offline)$") {
        unset req.http.Cookie;
        # While the origin is well, nobody gets what is older than its headers allow.
        if (std.healthy(req.backend_hint)) {
            set req.grace = 30s;
        }
        return (hash);
    }
    return (pass);
}

sub vcl_backend_response {
    set beresp.http.x-host = bereq.http.host;
    # beresp.ttl comes from max-age; req.grace holds to stale-while-revalidate. With the origin away, readers of public
    # pages get the last one for ten minutes.
    if (beresp.status < 500 && beresp.http.Cache-Control ~ "public") {
        if (beresp.http.Cache-Control ~ "stale-while-revalidate") {
            set beresp.grace = 10m;
        }
    } else {
        set beresp.uncacheable = true;
        set beresp.ttl = 5s;
    }
    # An old page is better than a failed one.
    if (beresp.status >= 500 && bereq.is_bgfetch) {
        return (abandon);
    }
}

sub vcl_deliver {
    unset resp.http.x-host;
    unset resp.http.X-Varnish;
    unset resp.http.Via;
    if (obj.hits > 0) {
        set resp.http.X-Cdn-Cache = "HIT";
    } else {
        set resp.http.X-Cdn-Cache = "MISS";
    }
}
