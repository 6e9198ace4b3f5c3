// Lets other messages be handled: a task of its own, without the 4 ms that timers cost.

/** A function whose promise settles after the messages that already wait. */
export function messageYield(): () => Promise<void> {
  const { port1, port2 } = new MessageChannel();
  let wake: Array<() => void> = [];
  port1.onmessage = () => {
    const now = wake;
    wake = [];
    for (const settle of now) settle();
  };
  return () =>
    new Promise((settle) => {
      wake.push(settle);
      port2.postMessage(0);
    });
}
