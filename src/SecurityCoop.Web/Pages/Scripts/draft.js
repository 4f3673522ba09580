// Keeps what is typed into a form in this tab's session storage, under the user's name, until it is recorded or the user signs out.

const prefix = 'draft:';
const sent = 'draft-sent';
const form = document.querySelector('form[data-draft]');
const key = form && `${prefix}${form.dataset.draft}:${location.pathname}`;

// Above restricted nothing is kept on the machine.
const mayBeKept = () => !['confidential', 'secret'].includes(form.elements.marking?.value);

function keep() {
  if (!mayBeKept()) return sessionStorage.removeItem(key);
  const fields = [...new FormData(form)].filter(([name, value]) => typeof value === 'string' && name !== 'checked' && name !== 'key');
  sessionStorage.setItem(key, JSON.stringify(fields));
}

function offer() {
  const kept = sessionStorage.getItem(key);
  const place = document.getElementById('draft');
  if (!kept || !place) return;
  place.hidden = false;
  place.querySelector('[data-drop]').addEventListener('click', () => {
    sessionStorage.removeItem(key);
    place.hidden = true;
  });
  // The server makes the page of it, with as many items as the draft has.
  place.querySelector('[data-take]').addEventListener('click', () => {
    const again = document.createElement('form');
    again.method = 'post';
    again.action = form.action;
    again.hidden = true;
    for (const [name, value] of [...JSON.parse(kept), ['step', 'again']]) {
      const field = document.createElement('textarea');
      field.name = name;
      field.value = value;
      again.append(field);
    }
    document.body.append(again);
    again.submit();
  });
}

if (form) {
  sessionStorage.removeItem(sent);
  if (form.dataset.fresh === undefined) keep();
  else offer();
  form.addEventListener('input', keep);
  form.addEventListener('submit', event => {
    if (event.submitter?.value === 'record') sessionStorage.setItem(sent, key);
  });
} else if (sessionStorage.getItem(sent)) {
  // What followed the form is the page of what was recorded.
  sessionStorage.removeItem(sessionStorage.getItem(sent));
  sessionStorage.removeItem(sent);
}

document.querySelector('form[action="/sign-out"]')?.addEventListener('submit', () => {
  for (const name of Object.keys(sessionStorage)) if (name.startsWith(prefix)) sessionStorage.removeItem(name);
});
