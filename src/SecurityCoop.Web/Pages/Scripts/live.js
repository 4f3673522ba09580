// Says that something new was recorded, and never changes what stands on the page. One tab of a browser asks for all; the others are told.

const place = document.getElementById('news');
const shown = Number(place.dataset.position);
const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('news') : null;
const news = new Set();
let last = shown;

function tell(positions) {
  for (const position of positions) if (position > shown) news.add(position);
  if (positions.length > 0) last = Math.max(last, ...positions);
  if (news.size === 0) return;
  place.querySelector('span').textContent = place.dataset.words.replace('{0}', `${news.size}`);
  place.hidden = false;
}

async function ask() {
  try {
    const answer = await fetch(`/news?after=${last}`, { headers: { Accept: 'application/json' } });
    if (!answer.ok) return;
    const { positions } = await answer.json();
    channel?.postMessage(positions);
    tell(positions);
  } catch {
    // The host is away: it is asked again later.
  }
}

const lead = () => new Promise(() => setInterval(ask, Number(place.dataset.every)));

channel?.addEventListener('message', e => tell(e.data));
if (navigator.locks) navigator.locks.request('news', lead);
else setInterval(ask, Number(place.dataset.every));
