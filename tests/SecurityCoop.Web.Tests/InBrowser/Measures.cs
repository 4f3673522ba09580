namespace SecurityCoop.Web.Tests.InBrowser;

/// <summary>What is measured in a page by a script; each gives the faults that it finds, one a line.</summary>
static class Measures
{
    /// <summary>The page is no wider than its window.</summary>
    public const string Width = """
        () => document.documentElement.scrollWidth <= innerWidth ? [] : [
            `${document.documentElement.scrollWidth} pixels wide in a window of ${innerWidth}`,
            ...[...document.querySelectorAll('body *')].filter(e => !e.closest('.vh, .skip'))
                .filter(e => e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1)
                .slice(0, 2).map(e => e.outerHTML.slice(0, 160)),
        ]
        """;

    /// <summary>WCAG 1.4.12: the reader's own spacing. Arabic letters are joined: nobody spaces them.</summary>
    public const string SpaceText = """
        () => {
            const sheet = new CSSStyleSheet();
            const letters = document.documentElement.lang === 'ar' ? '' : 'letter-spacing: .12em !important;';
            sheet.replaceSync(`* { line-height: 1.5 !important; ${letters} word-spacing: .16em !important; } p { margin-block-end: 2em !important; }`);
            document.adoptedStyleSheets = [sheet];
        }
        """;

    /// <summary>WCAG 1.4.4: letters of twice the size, in a window that is not twice as wide.</summary>
    public const string DoubleText = """
        () => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(':root { font-size: 200% !important; } :root:lang(ar) { font-size: 225% !important; }');
            document.adoptedStyleSheets = [sheet];
        }
        """;

    public const string Plain = "() => { document.adoptedStyleSheets = []; }";

    /// <summary>No text is cut off at the edge of a box, and none runs out of it. What a control holds scrolls within it.</summary>
    public const string Clipped = """
        () => [...document.querySelectorAll('body *')].filter(e => {
            if (e.closest('.skip, svg, select, input, textarea, details:not([open])') || e.clientWidth === 0) return false;
            // What is there for screen readers only.
            for (let at = e; at; at = at.parentElement) if (getComputedStyle(at).clipPath === 'inset(50%)') return false;
            if (e.scrollWidth <= e.clientWidth + 1 && e.scrollHeight <= e.clientHeight + 1) return false;
            const style = getComputedStyle(e);
            return style.display !== 'inline' && (e.scrollWidth > e.clientWidth + 1 || style.overflowY !== 'visible');
        }).slice(0, 3)
            .map(e => `cut off or spilled: ${e.scrollWidth}×${e.scrollHeight} in ${e.clientWidth}×${e.clientHeight}: ${e.outerHTML.slice(0, 160)}`)
        """;

    /// <summary>
    /// Arabic letters say that they are Arabic, and whole words in Latin letters on an Arabic page that they are not; each runs its own way. A single word without
    /// an accent may be a code or somebody's identifier, which have no language.
    /// </summary>
    public const string Languages = """
        () => {
            const faults = [], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            while (texts.nextNode()) {
                const text = texts.currentNode.data, at = texts.currentNode.parentElement;
                if (at.closest('script, style, noscript, code, .brand, [dir=ltr]:not([lang])')) continue;
                if (/^[\s\w.@:–-]*$/.test(text) && !/\w\s+\w/.test(text)) continue;
                const lang = at.closest('[lang]').lang;
                const arabic = /[\u0620-\u064a]/.test(text), latin = /[a-zà-ÿ]{2}/.test(text);
                if (arabic && lang !== 'ar') faults.push(`Arabic under lang=${lang}: ${at.outerHTML.slice(0, 160)}`);
                if (latin && !arabic && lang === 'ar') faults.push(`Latin under lang=ar: ${at.outerHTML.slice(0, 160)}`);
                const runs = getComputedStyle(at).direction, should = arabic && latin || !arabic && !latin ? runs : arabic ? 'rtl' : 'ltr';
                if (at.tagName !== 'OPTION' && runs !== should) faults.push(`runs ${runs}: ${at.outerHTML.slice(0, 160)}`);
            }
            return faults.slice(0, 5);
        }
        """;

    /// <summary>
    /// Whatever takes the focus shows it: an outline of two pixels and more, 3:1 against what it stands on, of something that nothing covers. Press the tab
    /// key before, since a browser shows the focus to those who use the keyboard only.
    /// </summary>
    public const string Focus = Colours + """
            const faults = [];
            for (const e of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')) {
                if (e.tabIndex < 0 || e.disabled || !e.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })) continue;
                e.focus();
                e.scrollIntoView({ block: 'center' });
                const style = getComputedStyle(e), box = e.getClientRects()[0];
                if (document.activeElement !== e || !box) continue;
                const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
                const said = e.outerHTML.slice(0, 160);
                if (!hit || !(e.contains(hit) || hit.closest('label')?.contains(e))) faults.push(`covered: ${said}`);
                if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) faults.push(`no outline: ${said}`);
                else if (contrast(style.outlineColor, ground(e.parentElement)) < 3) faults.push(`outline ${style.outlineColor} on ${ground(e.parentElement)}: ${said}`);
            }
            return faults.slice(0, 5);
        }
        """;

    /// <summary>
    /// Where the system sets the colours: badges keep their shape and edge, each status its own, what is only possible its dashes; controls their edge.
    /// </summary>
    public const string ForcedColours = Colours + """
            const faults = [], shapes = {};
            if (!matchMedia('(forced-colors: active)').matches) return ['forced colours are not on'];
            for (const e of document.querySelectorAll('.badge, .flag, button, .button, input, select, textarea')) {
                if (!e.checkVisibility() || e.matches('.vh *, .first, .tools button, [type=hidden], [type=checkbox], [type=radio], [type=file]')) continue;
                const style = getComputedStyle(e), said = e.outerHTML.slice(0, 160);
                if (style.borderTopStyle === 'none' || contrast(style.borderTopColor, ground(e.parentElement)) < 3) faults.push(`no edge: ${said}`);
                if (contrast(style.color, ground(e)) < 4.5) faults.push(`text ${style.color} on ${ground(e)}: ${said}`);
                if (!e.matches('.badge')) continue;
                const icon = e.querySelector('svg'), status = e.classList[1], shape = icon?.querySelector('use')?.getAttribute('href');
                const seen = icon && icon.getBoundingClientRect().width >= 8 && contrast(getComputedStyle(icon).fill, ground(e)) >= 3;
                if (!seen) faults.push(`no shape: ${said}`);
                if (e.matches('.possible') !== (style.borderTopStyle === 'dashed')) faults.push(`dashes: ${said}`);
                const mixed = Object.entries(shapes).some(([other, its]) => (other === status) !== (its === shape));
                if (mixed) faults.push(`the shape of another status: ${said}`);
                shapes[status] = shape;
            }
            return faults.slice(0, 5);
        }
        """;

    // Begins a function: colours as the browser computes them, and the ground on which an element stands.
    const string Colours = """
        () => {
            const parts = colour => colour.match(/[\d.]+/g).map(Number);
            const luminance = colour => parts(colour).slice(0, 3).map(c => c / 255).map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
                .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
            const contrast = (a, b) => { const [x, y] = [luminance(a), luminance(b)]; return (Math.max(x, y) + .05) / (Math.min(x, y) + .05); };
            const ground = e => {
                for (; e; e = e.parentElement) { const is = getComputedStyle(e).backgroundColor; if ((parts(is)[3] ?? 1) > 0) return is; }
                return 'rgb(255, 255, 255)';
            };

        """;
}
