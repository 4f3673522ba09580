namespace SecurityCoop.Web.Tests.Fuzzing;

/// <summary>Texts that have broken programs: what a database, a shell, a page, a template, a log, a spreadsheet or a file system would
/// take for its own.</summary>
static class Corpus
{
    public static readonly IReadOnlyList<string> Injections =
    [
        "' or 1=1 --", "'; select pg_sleep(10); --", "\"; drop table register.log_head; --", "$$ || (select 1) || $$", "\\'; delete from mt_events; --", "%' and '%'='", "1 union select null,null",
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "</title><svg/onload=alert(1)>", "javascript:alert(1)", "<!--#exec cmd=\"id\"-->", "<![CDATA[x]]>",
        "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>",
        "{{7*7}}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "@(7*7)", "${jndi:ldap://127.0.0.1/a}", "%n%n%s%s%x", "{0}{1}{99}", "{", "}", "{0:", "{{}}}",
        "; cat /etc/passwd", "| id", "`id`", "$(id)", "&& id", "../../../../etc/passwd", "..\\..\\windows\\win.ini", "/dev/zero", "file:///etc/passwd", "C:\\con", "%00", "%2e%2e%2f",
        "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)", "\t=1", "*)(uid=*))(|(uid=*", "\r\nSet-Cookie: a=b", "\nfake log line",
        "\u202Eright to left", "\u200B\u200D\uFEFF", "\uFFFE\uFFFF", "e\u0301\u0301\u0301\u0301", "ﷺﷺﷺ", "ﬁ", "İı", "ß", "😀👩‍👩‍👧‍👦", "١٢٣", "و" , "𝒳", "\u0001\u001F\u007F\u0085\u2028\u2029",
        "null", "undefined", "NaN", "true", "0", "-0", "1e309", "__proto__", "constructor", "toString", "$ref", "$type", "@type", "System.Object",
        "2026-02-30", "2026-13", "0000-00-00", "9999-12-31", "-9999", "10000-01-01", "2026-02-01T25:61:61Z", "[..2026", "2026~?%", "2026/2020", "{2026,..2030}", "156X-12-XX", "Y-170000002", "2026-W53-9", "P99999999999Y", "P-1D", "@-1", "@9223372036854775808",
        "DK", "dk", "XX", "MA", "INTERPOL", "DK-MTG-0001", "DK-MTG-9999", "PER-0001", "partnership-DK", "meeting-00000000-0000-0000-0000-000000000000", "*", "", " ", "\u00A0",
    ];

    public static readonly IReadOnlyList<string> ContentTypes =
    [
        "text/plain", "application/json; charset=utf-16", "application/json; charset=\"", "application/json;;;", "application/vnd.x+json", "APPLICATION/JSON", "application/x-www-form-urlencoded",
        "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=b", "multipart/form-data; boundary=\"b", "application/xml", "application/octet-stream", "*/*", "/", "json", "application/problem+json", "text/csv",
    ];

    /// <summary>Headers with values that a server may try to read.</summary>
    public static readonly IReadOnlyList<(string Name, string Value)> Headers =
    [
        ("Accept", "text/html;q=2"), ("Accept", "text/csv;q=0"), ("Accept", ",,,;"), ("Accept", "*/*;q=x"), ("Accept-Language", "ar;q=0,*;q=nan"), ("Accept-Language", "fr-".PadRight(5000, 'x')), ("Accept-Encoding", "gzip, x;q=-1"),
        ("If-Match", "\"abc\""), ("If-Match", "*"), ("If-Match", "\"9223372036854775808\""), ("If-Match", ",,"), ("If-Match", "W/\"1\""), ("If-None-Match", "\"x"), ("If-Modified-Since", "never"),
        ("Idempotency-Key", ""), ("Idempotency-Key", "k".PadRight(300, 'k')), ("Idempotency-Key", "clé ٣ 😀"), ("Range", "bytes=0-1,5-2,-0"), ("Range", "lines=x"), ("Last-Event-ID", "-1"), ("Last-Event-ID", "1e9"),
        ("Cookie", "securitycoop"), ("Cookie", "securitycoop=; securitycoop=x; ="), ("Cookie", "a=\"b;c"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-origin"), ("Referer", "::"),
        ("X-Forwarded-For", "127.0.0.1, x, ::1"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "elsewhere.example"), ("Forwarded", "for=\"[::"), ("X-Http-Method-Override", "DELETE"), ("X-Original-URL", "/health/ready"),
        ("traceparent", "00-zz-zz-zz"), ("tracestate", "=,=,="), ("baggage", "a=b;c,=="), ("Expect", "100-continue"), ("Upgrade", "websocket"), ("TE", "trailers"), ("Date", "x"), ("Content-Encoding", "gzip"), ("Content-Language", "\u00e9"),
    ];
}
