// The element space: each task where its elements put it. Near is alike; the axes themselves mean
// nothing but the two directions in which the tasks differ most.

// Eight colours that colour-blind people tell apart (Okabe and Ito), and five shapes for the rest.
const HUES = 8;
const SHAPES = [
  (x, y, r) => s('circle', { cx: x, cy: y, r }),
  (x, y, r) => s('rect', { x: x - r * 0.9, y: y - r * 0.9, width: r * 1.8, height: r * 1.8 }),
  (x, y, r) => s('path', { d: `M${x},${y - r * 1.2}l${r * 1.15},${r * 2}h${-r * 2.3}z` }),
  (x, y, r) => s('path', { d: `M${x},${y - r * 1.3}l${r * 1.3},${r * 1.3}l${-r * 1.3},${r * 1.3}l${-r * 1.3},${-r * 1.3}z` }),
  (x, y, r) => s('path', { d: `M${x - r},${y - r}l${r * 2},${r * 2}m0,${-r * 2}l${-r * 2},${r * 2}`, class: 'cross' }),
];

// What the points may be coloured by.
const COLOURINGS = {
  cluster: 'cluster of the core element',
  kill: 'near-misses killed',
  mutants: 'mutants killed',
  passes: 'samples that pass',
  cosine: 'cosine to the nearest neighbour',
  syntax: 'syntax of the nearest neighbour',
  cyclomatic: 'cyclomatic complexity',
};

function elementMap(places, open) {
  const rows = places.map((place) => data.byId.get(place.task));
  const sizes = new Map();
  places.forEach((place) => sizes.set(place.cluster, (sizes.get(place.cluster) ?? 0) + 1));
  const clusters = [...sizes.keys()].sort((a, b) => sizes.get(b) - sizes.get(a) || a - b);
  const rank = new Map(clusters.map((cluster, at) => [cluster, at]));
  // The task in the middle of each cluster speaks for it.
  const central = new Map(clusters.map((cluster) => {
    const all = places.filter((place) => place.cluster === cluster);
    const [x, y] = ['x', 'y'].map((axis) => all.reduce((sum, place) => sum + place[axis], 0) / all.length);
    const away = (place) => (place.x - x) ** 2 + (place.y - y) ** 2;
    return [cluster, all.reduce((a, b) => (away(b) < away(a) ? b : a))];
  }));
  const offered = Object.keys(COLOURINGS).filter((key) => key === 'cluster' || rows.some((row) => row && row[key] !== null && row[key] !== undefined));
  const state = { by: 'cluster', at: -1, only: null, points: [] };
  const said = h('p', { class: 'note', 'aria-live': 'polite' }, 'Point at a task, or move with the arrow keys; Enter opens it.');
  const legend = h('div', { class: 'legend' });

  const speak = (at) => {
    const place = places[at];
    const row = rows[at];
    const value = state.by !== 'cluster' && row?.[state.by] !== null && row?.[state.by] !== undefined ? ` · ${COLOURINGS[state.by]} ${short(row[state.by])}` : '';
    return `${row ? row.title : place.task}${value} — ${place.label}`;
  };

  const point = (at, svg) => {
    state.at = at;
    svg.querySelectorAll('.here').forEach((node) => node.classList.remove('here'));
    const node = state.points[at];
    node.classList.add('here');
    node.parentNode.append(node);
    const text = speak(at);
    said.textContent = visible(text);
    const box = node.getBoundingClientRect();
    tip.show(text, box.left + box.width / 2, box.top);
  };

  // The nearest task in a direction, with those straight ahead preferred.
  const step = (dx, dy) => {
    if (state.at < 0) return 0;
    const from = places[state.at];
    let best = [Infinity, state.at];
    places.forEach((place, at) => {
      const [x, y] = [place.x - from.x, from.y - place.y];
      const ahead = x * dx + y * dy;
      if (at === state.at || ahead <= 1e-9 || (state.only !== null && place.cluster !== state.only)) return;
      const cost = ahead + 2.5 * Math.abs(x * dy - y * dx);
      if (cost < best[0]) best = [cost, at];
    });
    return best[1];
  };

  const draw = (width) => {
    const height = Math.round(clamp(width * 0.62, 300, 560));
    const r = places.length > 2000 ? 2.6 : places.length > 300 ? 3.6 : 5.5;
    const [x, y] = [scale(-1, 1, r + 8, width - r - 8), scale(-1, 1, height - r - 8, r + 8)];
    const svg = s('svg', { class: 'map', viewBox: `0 0 ${width} ${height}`, width, height, tabindex: 0, role: 'application', 'aria-label': `Map of ${plural(places.length, 'task')}. Arrow keys move from task to task, Enter opens.` },
      s('line', { class: 'grid', x1: x(0), x2: x(0), y1: 4, y2: height - 4 }),
      s('line', { class: 'grid', x1: 4, x2: width - 4, y1: y(0), y2: y(0) }));
    const values = rows.map((row) => row?.[state.by] ?? null);
    const known = values.filter((value) => value !== null);
    const [low, high] = [Math.min(...known), Math.max(...known)];
    state.points = places.map((place, at) => {
      const order = rank.get(place.cluster);
      const node = state.by === 'cluster' ? SHAPES[Math.floor(order / HUES) % SHAPES.length](x(place.x), y(place.y), r) : SHAPES[0](x(place.x), y(place.y), r);
      node.classList.add('task');
      if (state.by === 'cluster') node.classList.add(`hue-${order % HUES}`);
      else node.classList.add(values[at] === null ? 'unknown' : `step-${Math.round(scale(low, high, 0, 8)(values[at]))}`);
      if (state.only !== null && place.cluster !== state.only) node.classList.add('faint');
      return node;
    });
    svg.append(...state.points);
    // The nearest point within reach of the pointer; small points are hard to hit.
    const nearest = (event) => {
      const box = svg.getBoundingClientRect();
      const [px, py] = [event.clientX - box.left, event.clientY - box.top];
      let best = [24 * 24, -1];
      places.forEach((place, at) => {
        if (state.only !== null && place.cluster !== state.only) return;
        const away = (x(place.x) - px) ** 2 + (y(place.y) - py) ** 2;
        if (away < best[0]) best = [away, at];
      });
      return best[1];
    };
    svg.addEventListener('pointermove', (event) => {
      const at = nearest(event);
      if (at >= 0) point(at, svg);
      else tip.hide();
    });
    svg.addEventListener('pointerleave', tip.hide);
    svg.addEventListener('click', (event) => {
      const at = nearest(event);
      if (at >= 0) open(places[at].task);
    });
    svg.addEventListener('keydown', (event) => {
      const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
      if (moves[event.key]) {
        event.preventDefault();
        point(step(...moves[event.key]), svg);
      } else if (event.key === 'Enter' && state.at >= 0) open(places[state.at].task);
    });
    legend.className = state.by === 'cluster' ? 'legend clusters' : 'legend';
    legend.replaceChildren(...legendOf(low, high));
    return svg;
  };

  const legendOf = (low, high) => {
    if (state.by !== 'cluster') {
      return [h('span', { class: 'ramp' }, short(low), h('span', { class: 'steps' }, Array.from({ length: 9 }, (_, at) => h('i', { class: `step-${at}` }))), short(high))];
    }
    return clusters.slice(0, 16).map((cluster) => {
      const order = rank.get(cluster);
      const shape = SHAPES[Math.floor(order / HUES) % SHAPES.length](8, 8, 5);
      shape.classList.add('task', `hue-${order % HUES}`);
      return h('button', { type: 'button', class: 'key', 'aria-pressed': String(state.only === cluster), onclick: () => {
        state.only = state.only === cluster ? null : cluster;
        redraw(place);
      }, 'data-tip': central.get(cluster).label }, s('svg', { width: 16, height: 16, 'aria-hidden': 'true' }, shape), h('b', null, count(sizes.get(cluster))), h('span', { class: 'key-name' }, central.get(cluster).label));
    }).concat(clusters.length > 16 ? [h('span', { class: 'note' }, `and ${plural(clusters.length - 16, 'more cluster')}`)] : []);
  };

  const place = picture(draw);
  const choose = h('label', { class: 'choose' }, 'Colour by ',
    h('select', { onchange: (event) => {
      state.by = event.target.value;
      redraw(place);
    } }, offered.map((key) => h('option', { value: key }, COLOURINGS[key]))));
  return h('figure', { class: 'wide' },
    h('figcaption', null, h('h3', null, 'Element space'),
      h('p', { class: 'note' }, 'Two principal components of the embedded elements: what lies close is alike. The directions have no unit.')),
    offered.length > 1 ? choose : null, place, legend, said);
}
