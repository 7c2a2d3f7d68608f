const button = document.querySelector('button');
const status = document.querySelector('[role=status]');
const say = (text) => {
  status.textContent = text;
};

const newToken = async () => {
  const response = await fetch('/link-token', { method: 'POST' });
  if (!response.ok) throw new Error('there is no link token');
  return (await response.json()).link_token;
};

// Asked for before it is needed: browsers let a page open a pop-up only right after a click.
let token = newToken();

button.addEventListener('click', async () => {
  say('Connecting…');
  Continuo.open(await token, {
    onSuccess: () => {
      token = newToken();
      say('Connected. The terminal shows the events as they come.');
    },
    onExit: () => say('Not connected.'),
    onError: ({ error }) => {
      token = newToken();
      say(`Not connected: ${error}`);
    },
  });
});

// Back from a page of its own, where pop-ups are blocked.
const { state, error } = Object.fromEntries(new URLSearchParams(location.search));
if (state) say(state === 'success' ? 'Connected.' : `Not connected: ${error}`);
