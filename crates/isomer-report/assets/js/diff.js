// What two texts share: the longest common subsequence of their words, or of their lines.

const MOST_CELLS = 6e6;

// Pairs of places in `a` and `b` that hold the same, in order.
function common(a, b) {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const [n, m] = [a.length - head - tail, b.length - head - tail];
  const pairs = Array.from({ length: head }, (_, at) => [at, at]);
  if (n * m <= MOST_CELLS) {
    const width = m + 1;
    const best = new Uint16Array((n + 1) * width);
    for (let i = n - 1; i >= 0; i -= 1) {
      for (let j = m - 1; j >= 0; j -= 1) {
        best[i * width + j] = a[head + i] === b[head + j] ? best[(i + 1) * width + j + 1] + 1 : Math.max(best[(i + 1) * width + j], best[i * width + j + 1]);
      }
    }
    for (let i = 0, j = 0; i < n && j < m;) {
      if (a[head + i] === b[head + j]) {
        pairs.push([head + i, head + j]);
        i += 1;
        j += 1;
      } else if (best[(i + 1) * width + j] >= best[i * width + j + 1]) i += 1;
      else j += 1;
    }
  }
  for (let at = tail; at > 0; at -= 1) pairs.push([a.length - at, b.length - at]);
  return pairs;
}

// Two texts with what they share marked, where at least `run` words in a row are the same.
function sharedWords(left, right, run = 3) {
  const cut = (text) => visible(text).match(/\w+|[^\w\s]|\s+/gu) ?? [];
  const [a, b] = [cut(left), cut(right)];
  const wordsOf = (all) => all.map((word, at) => [word.toLowerCase(), at]).filter(([word]) => /\S/.test(word));
  const [wa, wb] = [wordsOf(a), wordsOf(b)];
  const pairs = common(wa.map(([word]) => word), wb.map(([word]) => word));
  const marks = [new Set(), new Set()];
  let kept = 0;
  for (let at = 0; at < pairs.length;) {
    let end = at + 1;
    while (end < pairs.length && pairs[end][0] === pairs[end - 1][0] + 1 && pairs[end][1] === pairs[end - 1][1] + 1) end += 1;
    if (end - at >= run) {
      kept += end - at;
      for (const [side, all, list] of [[0, wa, a], [1, wb, b]]) {
        const [from, to] = [all[pairs[at][side]][1], all[pairs[end - 1][side]][1]];
        for (let place = from; place <= to && place < list.length; place += 1) marks[side].add(place);
      }
    }
    at = end;
  }
  const show = (list, marked) => {
    const nodes = [];
    for (let at = 0; at < list.length;) {
      let end = at;
      const inside = marked.has(at);
      while (end < list.length && marked.has(end) === inside) end += 1;
      const text = list.slice(at, end).join('');
      nodes.push(inside ? h('mark', null, text) : text);
      at = end;
    }
    return nodes;
  };
  return { left: show(a, marks[0]), right: show(b, marks[1]), share: wa.length ? kept / wa.length : 0 };
}

// A program as the change of another: lines left out, lines put in, and what is around them.
function changed(before, after, around = 2) {
  const [a, b] = [before, after].map((text) => textOf(text).replace(/\n+$/, '').split('\n'));
  const rows = [];
  let [i, j] = [0, 0];
  for (const [x, y] of [...common(a, b), [a.length, b.length]]) {
    for (; i < x; i += 1) rows.push(['gone', '−', i + 1, a[i]]);
    for (; j < y; j += 1) rows.push(['new', '+', j + 1, b[j]]);
    if (x < a.length) rows.push(['same', ' ', j + 1, b[j]]);
    i = x + 1;
    j = y + 1;
  }
  const near = new Set();
  rows.forEach(([kind], at) => {
    if (kind !== 'same') for (let place = at - around; place <= at + around; place += 1) near.add(place);
  });
  const out = [];
  for (let at = 0; at < rows.length;) {
    if (near.has(at)) {
      const [kind, sign, number, text] = rows[at];
      out.push(h('div', { class: `line ${kind}` }, h('span', { class: 'gutter', 'data-line': number, 'data-sign': sign }), h('code', null, highlighted(text)[0])));
      at += 1;
    } else {
      let end = at;
      while (end < rows.length && !near.has(end)) end += 1;
      out.push(h('div', { class: 'line unchanged' }, `⋯ ${plural(end - at, 'line')} the same`));
      at = end;
    }
  }
  return h('div', { class: 'code', tabindex: 0, role: 'region', 'aria-label': 'Change against the reference' }, h('div', { class: 'lines' }, near.size ? out : h('div', { class: 'line unchanged' }, 'the same as the reference')));
}
