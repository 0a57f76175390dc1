/// How pages look: by day and by night, on a phone, on paper.
///
/// Text has a contrast of 4.5 and more to what is behind it, marks of 3 and more (WCAG 2.2, 1.4.3
/// and 1.4.11). On paper nothing is folded away and nothing has to be scrolled. Accounts out of sight
/// are not laid out: a page with 1,000 findings opens in a fifth of the time.
enum PageStyle {
  /// What the page's policy lets in, and nothing else; a test holds it to the text.
  static let hash = "sha256-kIhmtS0/Af/5YWc/EJEjx7PualXdnCIQjJbKeVUpcWs="

  static let text: StaticString = """
    :root{--bg:#fff;--fg:#1b1f24;--dim:#57606a;--line:#c9d1d9;--soft:#f3f5f7;
    --link:#0b57d0;--g:#1a7f37;--w:#8a5300;--b:#b3261e;--n:#22529e;--o:#646c75;
    --gt:#d5efdc;--wt:#fbe6c6;--bt:#f8d4d0;--nt:#d6e4fa;--ot:#e4e7ea;--on:#fff}
    @media screen and (prefers-color-scheme:dark){:root{--bg:#12161b;--fg:#e6e9ed;--dim:#a3adb7;
    --line:#424c57;--soft:#1c2229;--link:#8ab4f8;--g:#57c878;--w:#e3a84b;--b:#ff8a80;--n:#8ab4f8;
    --o:#98a2ad;--gt:#173d24;--wt:#4a3512;--bt:#57221f;--nt:#1c365c;--ot:#323a43;--on:#12161b}}
    *{box-sizing:border-box}
    body{margin:0 auto;max-width:68rem;padding:1rem;background:var(--bg);color:var(--fg);
    font:1rem/1.5 system-ui,"Segoe UI","Noto Sans",sans-serif;overflow-wrap:break-word}
    a{color:var(--link)}
    a:focus-visible,summary:focus-visible,[tabindex]:focus-visible,button:focus-visible,
    input:focus-visible{outline:3px solid var(--link);outline-offset:2px}
    .skip{position:absolute;left:-99rem}
    .skip:focus{position:static}
    h1{font-size:1.6rem;line-height:1.25;margin:.1rem 0 .8rem}
    h2{font-size:1.3rem;margin:2.2rem 0 .6rem;border-bottom:2px solid var(--line);padding-bottom:.2rem}
    h3{font-size:1.15rem;margin:1.6rem 0 .2rem;overflow-wrap:anywhere}
    h4{font-size:1rem;margin:0 0 .2rem;overflow-wrap:anywhere}
    h5{font-size:.85rem;margin:.9rem 0 .1rem;color:var(--dim);text-transform:uppercase;
    letter-spacing:.05em}
    p{margin:.3rem 0}
    code,pre{font-family:ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;font-size:.85rem}
    pre{background:var(--soft);border:1px solid var(--line);border-radius:4px;padding:.5rem .7rem;
    overflow-x:auto;margin:.4rem 0;line-height:1.4}
    .top{border-left:.5rem solid var(--o);padding:.2rem 0 .2rem 1rem}
    .top.g{border-color:var(--g)}.top.w{border-color:var(--w)}.top.b{border-color:var(--b)}
    .top.n{border-color:var(--n)}
    .kind,.what{color:var(--dim);font-size:.92rem}
    .kind{margin:0}
    .facts{display:grid;grid-template-columns:1fr;gap:.15rem 1.5rem;margin:0;font-size:.92rem}
    .facts div,.words div{display:grid;grid-template-columns:6rem 1fr;gap:.6rem}
    .facts dd,.words dd{margin:0;overflow-wrap:anywhere}
    .facts dt{color:var(--dim)}
    .words div{grid-template-columns:11rem 1fr;margin:.15rem 0}
    .words dt{font-weight:600}
    .note{background:var(--soft);border-left:.3rem solid var(--w);padding:.3rem .8rem;margin:.8rem 0}
    .note ul{margin:.2rem 0;padding-left:1.2rem}
    .worst{padding-left:1.4rem}
    .worst li{margin:.5rem 0}
    .worst>li>a{font-weight:600}
    .badge{display:inline-block;font-size:.75rem;font-weight:700;line-height:1.3;padding:.05rem .45rem;
    border-radius:3px;color:var(--on);background:var(--o);vertical-align:.08em}
    .badge.b{background:var(--b)}.badge.w{background:var(--w)}.badge.n{background:var(--n)}
    .account{margin:1rem 0 2rem}
    .finding{border:1px solid var(--line);border-left:.35rem solid var(--n);border-radius:4px;
    padding:.7rem .9rem;margin:.9rem 0}
    .finding.b{border-left-color:var(--b)}.finding.w{border-left-color:var(--w)}
    .scroll{overflow-x:auto;margin:.3rem 0}
    table{border-collapse:collapse;font-size:.9rem;min-width:50%}
    caption{text-align:left;color:var(--dim);font-size:.85rem;padding:.2rem 0}
    .proof caption{position:absolute;left:-99rem}
    th,td{text-align:left;vertical-align:top;padding:.25rem .9rem .25rem 0;
    border-bottom:1px solid var(--line)}
    th{font-weight:600}
    thead th{color:var(--dim);font-size:.82rem;white-space:nowrap}
    td.b,td.w{font-weight:700}
    td.b{color:var(--b)}td.w{color:var(--w)}
    .nb{white-space:nowrap;font-variant-numeric:tabular-nums}
    tr:target,.finding:target{background:var(--soft)}
    figure{margin:.6rem 0}
    figcaption{font-size:.85rem;color:var(--dim)}
    details{font-size:.92rem;margin:.2rem 0}
    summary{cursor:pointer;color:var(--link);width:fit-content}
    .legend ul{list-style:none;padding:0;margin:.3rem 0}
    .key{width:1.5rem;height:1.25rem;vertical-align:middle}
    .quotes{padding-left:1.4rem}
    .quotes li{margin:.5rem 0}
    svg{display:block}
    .key{display:inline-block}
    .tl,.ld{width:100%;min-width:46rem;height:auto;font-size:12.5px}
    .ld{max-width:48rem;min-width:40rem}
    svg text{fill:var(--fg);font-family:inherit}
    .ln{font-weight:600}
    .tk,.tip,.lp{fill:var(--dim)}
    .tk{text-anchor:middle}
    .end{text-anchor:end}
    .gr{stroke:var(--line)}
    .ax,.ll{stroke:var(--dim)}
    .ll{stroke-dasharray:3 3}
    .sh{fill:var(--nt);opacity:.5}.sh.b{fill:var(--bt)}.sh.w{fill:var(--wt)}
    .bar{stroke-width:1.5}
    .bar.g{fill:var(--gt);stroke:var(--g)}.bar.w{fill:var(--wt);stroke:var(--w)}
    .bar.b{fill:var(--bt);stroke:var(--b)}.bar.n{fill:var(--nt);stroke:var(--n)}
    .bar.o{fill:var(--ot);stroke:var(--o);stroke-dasharray:4 2}
    .run{opacity:.55;fill:var(--g)}.run.w{fill:var(--w)}.run.b{fill:var(--b)}.run.n{fill:var(--n)}
    .run.o{fill:var(--o)}
    .st{fill:none;stroke:var(--g);stroke-width:2}.st.w{stroke:var(--w)}.st.b{stroke:var(--b)}
    .st.n{stroke:var(--n)}.st.o{stroke:var(--o);stroke-width:1.5}
    .dot{fill:var(--n);stroke:var(--bg)}.dot.w{fill:var(--w)}.dot.b{fill:var(--b)}
    .bl{transform:translate(5px)}
    .tip{visibility:hidden}
    .m:focus .tip,.m:hover .tip{visibility:visible}
    .m:focus .bar,.m:hover .bar,.m:focus .st,.m:hover .st{stroke-width:3.5}
    .m:focus .dot,.m:hover .dot{stroke:var(--fg);stroke-width:2}
    .ar{fill:none;stroke:var(--fg);stroke-width:1.5}
    .ar.b{stroke:var(--b);stroke-width:2}
    .la,.lr,.lh{text-anchor:middle}
    .la{paint-order:stroke;stroke:var(--bg);stroke-width:4px}
    svg .la.b{fill:var(--b)}
    .lr{font-weight:600}
    .tools{display:flex;flex-wrap:wrap;gap:.4rem 1rem;align-items:center;margin:.4rem 0;
    font-size:.92rem}
    figure .tools{justify-content:flex-end;margin:0;font-size:.8rem;gap:.4rem}
    input,button{font:inherit;color:inherit;background:var(--soft);border:1px solid var(--dim);
    border-radius:4px;padding:.15rem .5rem}
    th button{border:0;background:none;padding:0;font-weight:600;text-decoration:underline dotted}
    footer{margin:2.5rem 0 1rem;color:var(--dim);font-size:.85rem;border-top:1px solid var(--line)}
    @media screen{[hidden]{display:none!important}
    .account{content-visibility:auto;contain-intrinsic-size:auto 40rem}}
    @media (max-width:40rem){body{padding:.7rem}h1{font-size:1.3rem}.words div{grid-template-columns:1fr;
    gap:0}.facts div{grid-template-columns:5rem 1fr}.finding{padding:.5rem .6rem}
    .finding th,.finding td{overflow-wrap:anywhere;padding-right:.6rem}.proof td+.nb{white-space:normal}}
    @media print{@page{size:A4;margin:13mm}
    html{font-size:9.5pt}
    body{max-width:none;padding:0}
    *{print-color-adjust:exact;-webkit-print-color-adjust:exact}
    .skip,.tools{display:none}
    article[hidden],section[hidden]{display:block}
    tr[hidden]{display:table-row}
    .scroll,pre{overflow:visible}
    pre{white-space:pre-wrap;overflow-wrap:anywhere}
    .tl,.ld{min-width:0}
    table{width:100%;font-size:8pt}
    th,td{padding:.1rem .6rem .1rem 0;line-height:1.3}
    pre{font-size:7.5pt;line-height:1.25;padding:.3rem .5rem}
    th,td{overflow-wrap:anywhere}
    .nb{white-space:normal}
    details::details-content{content-visibility:visible;display:block;block-size:auto}
    summary{color:var(--dim);list-style:none}
    svg,tr,li,.note{break-inside:avoid}
    h2,h3,h4,h5,caption,summary{break-after:avoid}
    .account+.account{break-before:auto}}
    """
}
