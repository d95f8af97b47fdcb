// The first screen: what was measured, and each axis in one card.

function section(id, title, lead, ...children) {
  return h('section', { id, class: `axis-${id}`, 'aria-labelledby': `${id}-title` }, h('header', null, h('h2', { id: `${id}-title` }, title), lead ? h('p', { class: 'lead' }, lead) : null), children);
}

function tile(value, name, more) {
  return h('div', { class: 'tile' }, h('div', { class: 'tile-value' }, value), h('div', { class: 'tile-name' }, name), more ? h('div', { class: 'note' }, more) : null);
}

const tiles = (...all) => h('div', { class: 'tiles' }, all);
const missing = (text) => h('p', { class: 'missing' }, text);
const within = (one, name = '95 % interval') => (one.share === null ? '' : `${name} ${percent(one.low)} to ${percent(one.high)}, of ${count(one.of)}`);

// The nearest set by the measure that says most: meaning, then words.
function nearest(against) {
  for (const by of ['cosine', 'containment', 'jaccard', 'syntax']) {
    const found = against.filter((set) => set[by] && set[by].count);
    if (found.length) {
      const set = found.reduce((a, b) => (b[by].quantiles[3] > a[by].quantiles[3] ? b : a));
      return { by, set, spread: set[by] };
    }
  }
  return null;
}

const MEASURES = {
  cosine: { name: 'Meaning', what: 'cosine of embedded statements', tip: 'Cosine of each statement to its nearest neighbour in the set.' },
  containment: { name: 'Wording', what: 'share of word 5-grams held', tip: 'Largest share of a task’s word 5-grams that one row of the set holds.' },
  jaccard: { name: 'Shingles', what: 'Jaccard similarity of word 5-grams', tip: 'Largest Jaccard similarity of word 5-grams with one row of the set.' },
  syntax: { name: 'Solution', what: 'Jaccard of blinded syntax trees', tip: 'Largest Jaccard similarity of the solutions’ syntax trees, names and literals blinded.' },
};

function card(id, name, content) {
  return h('a', { class: `card axis-${id}`, href: `#${id}` }, h('h2', null, name), content);
}

function headline(measured) {
  const { originality, diversity, difficulty, test_quality: tests } = measured;
  const near = nearest(originality.against);
  const target = difficulty.target;
  const first = target?.pass_at[0];
  const proxy = difficulty.proxies.cyclomatic ?? difficulty.proxies.lines;
  const body = (value, text, more, bins, drawn) => [h('div', { class: 'card-value' }, value), h('p', { class: 'card-text' }, text), drawn ?? (bins ? spark(bins) : h('span')), more ? h('p', { class: 'note' }, more) : null];
  return h('div', { class: 'cards' },
    card('originality', 'Originality', near
      ? body(near.spread.quantiles[3].toFixed(2), `median ${MEASURES[near.by].what} to the nearest of ${plural(near.set.rows, 'row')} in ${near.set.name}`, `highest ${near.spread.quantiles[6].toFixed(2)}; lower is more original`, near.spread.bins)
      : body('–', 'not measured', 'there was no set to compare with')),
    card('diversity', 'Diversity', diversity.vendi !== null
      ? body(short(diversity.vendi), `effective number of different tasks among ${count(diversity.vendi_tasks)} (Vendi score)`, `near-duplicates ${percent(diversity.near_duplicates.share)}`, null, diversity.map.length ? sparkMap(diversity.map) : null)
      : body(diversity.near_duplicates.share === null ? '–' : percent(1 - diversity.near_duplicates.share), diversity.near_duplicates.share === null ? 'not measured' : 'tasks that nearly repeat no other', null)),
    card('difficulty', 'Difficulty', first
      ? body(percent(first.mean, 0), `pass@${first.k} of ${target.model}${target.replayed ? ' (recorded answers)' : ''}`, `${percent(target.inside.share, 0)} inside the band ${percent(target.band[0], 0)} to ${percent(target.band[1], 0)}`, target.spread.bins)
      : proxy ? body(short(proxy.quantiles[3]), `median ${proxy === difficulty.proxies.cyclomatic ? 'cyclomatic complexity' : 'lines'} of the reference solutions`, 'a proxy: no model was asked to solve the tasks', proxy.bins)
        : body('–', 'not measured', null)),
    card('tests', 'Test quality', tests.near_misses.share !== null || tests.mutants.share !== null
      ? body(percent(tests.near_misses.share ?? tests.mutants.share), tests.near_misses.share !== null ? `of ${count(tests.near_misses.of)} near-misses are killed` : `of ${count(tests.mutants.of)} mutants are killed`,
        tests.near_misses.share !== null && tests.mutants.share !== null ? `mutants ${percent(tests.mutants.share)} of ${count(tests.mutants.of)}; lines reached ${percent(tests.lines.share)}` : null, tests.mutant_kill_rates?.bins)
      : body('–', 'not measured', 'the tests were not run')));
}

function notes() {
  const { written, head } = data;
  const list = [];
  if (written.whole < written.tasks) {
    list.push(`To keep this file small, ${count(written.whole)} of ${plural(written.tasks, 'task')} can be opened here${written.listed < written.tasks ? ` and ${count(written.listed)} are listed` : ''}. All figures count every task. The others are in ${head.sources.join(', ')}.`);
  }
  if (head.measured.unusable) list.push(`${plural(head.measured.unusable, 'row')} of the dataset could not be read as a task and count nowhere.`);
  const placed = head.measured.diversity.map.length;
  if (placed && placed < head.measured.tasks) list.push(`The map shows ${count(placed)} of the tasks, drawn evenly.`);
  return list.length ? h('ul', { class: 'notes' }, list.map((text) => h('li', null, text))) : null;
}

function summary(open) {
  const { head } = data;
  const { measured, runs } = head;
  const replayed = runs.some((run) => run.replayed) || measured.difficulty.target?.replayed || data.rows.some((row) => row.replayed);
  return h('div', { class: 'summary' },
    h('header', { class: 'title' },
      h('h1', null, head.title),
      h('p', { class: 'lead' }, `${plural(measured.tasks, 'task')}`, head.sources.length ? ` from ${head.sources.map(visible).join(', ')}` : '', '. ', measured.embedder ? `Texts embedded by ${measured.embedder}.` : ''),
      replayed ? h('p', { class: 'recording' }, h('strong', null, 'Recording. '), 'Some model answers were replayed from a recording: their tokens, cost and call times are the recorded ones.', runs.some((run) => run.replayed) ? ' All programs of the run were really executed.' : '') : null,
      notes()),
    headline(measured),
    runs.map((run, at) => runSection(run, at, runs.length)),
    originalitySection(measured, open),
    diversitySection(measured, open),
    difficultySection(measured),
    testsSection(measured),
    h('footer', { class: 'colophon' }, `Written by ${head.made_by}. Everything is in this file; nothing is fetched.`));
}
