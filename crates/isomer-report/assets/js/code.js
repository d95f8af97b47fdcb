// Programs and statements as text nodes with a little shape: lines, colours, marks in the margin.

const PYTHON = /(?<comment>#[^\n]*)|(?<string>[rbfuRBFU]{0,2}(?:"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?))|(?<number>\b(?:0[xXoObB][\da-fA-F_]+|\d[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?\d+)?)\b)|(?<word>[^\W\d]\w*)/gu;
const KEYWORDS = new Set('False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda match nonlocal not or pass raise return try while with yield case'.split(' '));

// Pieces of a program: text and what it is.
function pieces(source) {
  const found = [];
  let at = 0;
  let named = false;
  for (const match of source.matchAll(PYTHON)) {
    if (match.index > at) found.push([source.slice(at, match.index), null]);
    const { word } = match.groups;
    const kind = word === undefined ? Object.keys(match.groups).find((name) => match.groups[name] !== undefined) : KEYWORDS.has(word) ? 'keyword' : named ? 'name' : null;
    named = word === 'def' || word === 'class';
    found.push([match[0], kind]);
    at = match.index + match[0].length;
  }
  if (at < source.length) found.push([source.slice(at), null]);
  return found;
}

// The same, line by line, as nodes.
function highlighted(source) {
  const rows = [[]];
  for (const [text, kind] of pieces(source)) {
    text.split('\n').forEach((part, at) => {
      if (at) rows.push([]);
      if (part) rows.at(-1).push(kind ? h('span', { class: `py-${kind}` }, part) : part);
    });
  }
  return rows;
}

// A program with line numbers; `marks` gives a class and words for some lines, `below` nodes.
function code(text, { marks = new Map(), below = new Map(), name = 'Program' } = {}) {
  const source = textOf(text).replace(/\n+$/, '');
  const rows = highlighted(source).map((parts, at) => {
    const mark = marks.get(at + 1);
    return [h('div', { class: `line ${mark?.kind ?? ''}`, 'data-tip': mark?.tip ?? null },
      h('span', { class: 'gutter', 'data-line': at + 1, 'data-sign': mark?.sign ?? ' ' }), mark?.tip ? h('span', { class: 'aside' }, `${mark.tip}: `) : null, h('code', null, parts.length ? parts : ' ')), below.get(at + 1) ?? null];
  });
  return h('div', null, h('div', { class: 'code', tabindex: 0, role: 'region', 'aria-label': name }, h('div', { class: 'lines' }, rows)), cutNote(text));
}

// Plain text in a box of its own.
function plain(text, name) {
  return h('div', null, h('pre', { class: 'code', tabindex: 0, 'aria-label': name }, textOf(text)), cutNote(text));
}

// Bold, italics and code inside a line.
function inline(text) {
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(/(`+)([^`\n](?:[\s\S]*?[^`])??)\1(?!`)|\*\*([^*\n]+)\*\*|(?<![\w*])\*([^*\s][^*\n]*)\*(?!\w)|(?<!\\)\$([^$\n]{1,200})\$/g)) {
    if (match.index > at) nodes.push(text.slice(at, match.index));
    if (match[2] !== undefined) nodes.push(h('code', null, match[2]));
    else if (match[3] !== undefined) nodes.push(h('strong', null, inline(match[3])));
    else if (match[4] !== undefined) nodes.push(h('em', null, match[4]));
    else nodes.push(h('span', { class: 'formula' }, match[5]));
    at = match.index + match[0].length;
  }
  nodes.push(text.slice(at));
  return nodes.filter((node) => node !== '');
}

// A statement: headings, lists, fences, tables as they are, paragraphs. Links stay text.
function statement(text, title = null) {
  const rows = textOf(text).split('\n');
  // What already stands above it is not said again.
  const first = rows.findIndex((row) => row.trim());
  if (title && /^\s*#/.test(rows[first] ?? '') && rows[first].replace(/^[#\s*]+|[#\s*]+$/g, '') === title) rows.splice(0, first + 1);
  const out = h('div', { class: 'statement' });
  const starts = /^\s*(#{1,6}\s|[-*+]\s|\d{1,3}[.)]\s|```|~~~|\||>\s?)/;
  let at = 0;
  while (at < rows.length) {
    const row = rows[at];
    const fence = /^\s*(```|~~~)\s*(\w*)/.exec(row);
    const heading = /^\s*(#{1,6})\s+(.*?)\s*#*$/.exec(row);
    const item = /^(\s*)([-*+]|\d{1,3}[.)])\s+(.*)$/.exec(row);
    if (fence) {
      const body = [];
      for (at += 1; at < rows.length && !rows[at].trim().startsWith(fence[1]); at += 1) body.push(rows[at]);
      at += 1;
      out.append(h('pre', { class: 'code', tabindex: 0 }, /^py/.test(fence[2]) ? highlighted(body.join('\n')).flatMap((parts, line) => (line ? ['\n', ...parts] : parts)) : body.join('\n')));
    } else if (heading) {
      out.append(h(`h${Math.min(6, heading[1].length + 3)}`, null, inline(heading[2])));
      at += 1;
    } else if (item) {
      const list = h(/\d/.test(item[2]) ? 'ol' : 'ul', /\d/.test(item[2]) ? { start: parseInt(item[2], 10) } : null);
      for (let found = item; found && /\d/.test(found[2]) === /\d/.test(item[2]); found = /^(\s*)([-*+]|\d{1,3}[.)])\s+(.*)$/.exec(rows[at] ?? '')) {
        const body = [found[3]];
        for (at += 1; at < rows.length && rows[at].trim() && !starts.test(rows[at]); at += 1) body.push(rows[at].trim());
        list.append(h('li', { class: found[1].length > 1 ? 'deep' : null }, inline(body.join(' '))));
      }
      out.append(list);
    } else if (/^\s*\|/.test(row)) {
      const body = [];
      for (; at < rows.length && /^\s*\|/.test(rows[at]); at += 1) body.push(rows[at]);
      out.append(h('pre', { class: 'code', tabindex: 0 }, body.join('\n')));
    } else if (row.trim() === '') {
      at += 1;
    } else {
      const body = [row.trim().replace(/^>\s?/, '')];
      for (at += 1; at < rows.length && rows[at].trim() && !starts.test(rows[at]); at += 1) body.push(rows[at].trim());
      out.append(h('p', null, inline(body.join(' '))));
    }
  }
  out.append(...[cutNote(text)].filter(Boolean));
  return out;
}
