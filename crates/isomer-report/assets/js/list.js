// All tasks: found by words, sorted by figures; only the rows in sight are in the page.

const ROW = 62;

const SORTS = [
  ['order', 'Dataset order', (row) => row.at, null],
  ['kill', 'Near-misses killed', (row) => row.kill, percent],
  ['mutants', 'Mutants killed', (row) => row.mutants, percent],
  ['coverage', 'Lines reached', (row) => row.coverage, percent],
  ['passes', 'Samples that pass', (row) => row.passes, percent],
  ['cosine', 'Nearest by meaning', (row) => row.cosine, short],
  ['containment', 'Nearest by wording', (row) => row.containment, short],
  ['jaccard', 'Nearest by shingles', (row) => row.jaccard, short],
  ['syntax', 'Nearest by solution', (row) => row.syntax, short],
  ['cyclomatic', 'Cyclomatic complexity', (row) => row.cyclomatic, short],
  ['lines', 'Lines of the reference', (row) => row.lines, short],
  ['tests', 'Number of tests', (row) => row.tests, short],
  ['title', 'Title', (row) => row.title.toLowerCase(), null],
];

const FILTERS = [
  ['all', 'All tasks', () => true],
  ['survive', 'Near-misses survive', (row) => row.kill !== null && row.kill < 1],
  ['mutants', 'Mutants survive', (row) => row.mutants !== null && row.mutants < 1],
  ['missed', 'Lines not reached', (row) => row.coverage !== null && row.coverage < 1],
  ['never', 'No sample passes', (row) => row.passes === 0],
  ['always', 'Every sample passes', (row) => row.passes === 1],
];

function taskList(open) {
  const state = { words: '', sort: SORTS[0], up: true, filter: FILTERS[0], rows: [], id: null };
  const has = (read) => data.rows.some((row) => read(row) !== null && read(row) !== undefined);
  const sorts = SORTS.filter(([, , read]) => has(read));
  const filters = FILTERS.filter(([name, , keep]) => name === 'all' || data.rows.some(keep));
  const box = h('div', { class: 'rows-box', role: 'listbox', tabindex: 0, id: 'list', 'aria-label': 'Tasks' });
  const space = h('div', { class: 'rows-space', role: 'presentation' });
  const found = h('p', { class: 'note', 'aria-live': 'polite', id: 'found' });
  box.append(space);

  const line = (row, at) => {
    const [, name, read, write] = state.sort;
    const value = write ? read(row) : row.kill;
    const shown = write ? (value === null || value === undefined ? '–' : write(value)) : value === null ? '' : percent(value, 0);
    return h('div', { class: 'row', role: 'option', id: `row-${row.at}`, 'aria-selected': String(row.id === state.id), 'aria-setsize': state.rows.length, 'aria-posinset': at + 1, style: { top: `${at * ROW}px` }, onclick: () => open(row.id) },
      h('span', { class: 'row-title' }, row.title || row.id),
      h('span', { class: 'row-value', title: write ? name : 'near-misses killed' }, shown),
      h('span', { class: 'row-note' }, h('code', null, row.id.slice(0, 8)), ` ${row.mode}`, row.pack ? ` · ${words(row.pack)}` : '', ` · ${plural(row.tests, 'test')}`, row.place ? '' : ' · figures only'));
  };

  const draw = () => {
    const first = Math.max(0, Math.floor(box.scrollTop / ROW) - 6);
    const last = Math.min(state.rows.length, Math.ceil((box.scrollTop + box.clientHeight) / ROW) + 6);
    space.replaceChildren(...state.rows.slice(first, last).map((row, at) => line(row, first + at)));
    const here = data.byId.get(state.id);
    if (here) box.setAttribute('aria-activedescendant', `row-${here.at}`);
  };

  const update = (stay) => {
    const wanted = state.words.toLowerCase().split(/\s+/).filter(Boolean);
    const [, , read] = state.sort;
    state.rows = data.rows.filter((row) => state.filter[2](row) && wanted.every((word) => row.find.includes(word)));
    const sign = state.up ? 1 : -1;
    // What was not measured stands last, whichever way.
    state.rows.sort((a, b) => {
      const [x, y] = [read(a) ?? null, read(b) ?? null];
      if (x === null || y === null) return (x === null) - (y === null) || a.at - b.at;
      return (x < y ? -1 : x > y ? 1 : 0) * sign || a.at - b.at;
    });
    space.style.height = `${state.rows.length * ROW}px`;
    found.textContent = state.rows.length === data.rows.length ? plural(data.rows.length, 'task') : `${count(state.rows.length)} of ${plural(data.rows.length, 'task')}`;
    if (!stay) box.scrollTop = 0;
    draw();
  };

  const search = h('input', { type: 'search', id: 'search', placeholder: 'Search titles, statements, elements', 'aria-label': 'Search tasks', autocomplete: 'off', spellcheck: 'false', oninput: (event) => {
    state.words = event.target.value;
    update();
    data.readStatements((part) => {
      if (part === 1 || Math.round(part * 100) % 10 === 0) update(true);
      search.classList.toggle('reading', part < 1);
    });
  } });
  const direction = h('button', { type: 'button', class: 'quiet', 'aria-label': 'Turn the order around', onclick: () => {
    state.up = !state.up;
    direction.textContent = state.up ? '↑' : '↓';
    update();
  } }, '↑');
  const select = (name, options, choose) => h('select', { 'aria-label': name, onchange: (event) => choose(options.find(([key]) => key === event.target.value)) }, options.map(([key, text]) => h('option', { value: key }, text)));

  const go = (by) => {
    const here = state.rows.findIndex((row) => row.id === state.id);
    const next = state.rows[clamp(here + by, 0, state.rows.length - 1)];
    if (next) open(next.id);
  };
  box.addEventListener('scroll', draw, { passive: true });
  new ResizeObserver(draw).observe(box);
  box.addEventListener('keydown', (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity }[event.key];
    if (by !== undefined) {
      event.preventDefault();
      go(clamp(by, -state.rows.length, state.rows.length));
    }
  });

  return {
    node: h('aside', { class: 'list' },
      h('div', { class: 'list-head' }, search,
        h('div', { class: 'list-choices' }, select('Sort by', sorts, (sort) => {
          state.sort = sort;
          update();
        }), direction, filters.length > 1 ? select('Show', filters, (filter) => {
          state.filter = filter;
          update();
        }) : null), found),
      box),
    update,
    go,
    focus: () => search.focus(),
    first: () => state.rows[0]?.id,
    select(id) {
      state.id = id;
      const at = state.rows.findIndex((row) => row.id === id);
      if (at >= 0 && (at * ROW < box.scrollTop || (at + 1) * ROW > box.scrollTop + box.clientHeight)) box.scrollTop = Math.max(0, at * ROW - box.clientHeight / 2);
      draw();
    },
  };
}
