import type { Locator, Page } from 'playwright'

/** What a page recorded of the messages on their way: each state that was shown, by text. */
interface Recorder {
  shown: [text: string, status: string][]
}

/** Somebody at the page, who does and sees what people do and see. */
export class Visitor {
  readonly page: Page
  readonly name: string

  constructor(page: Page, name: string) {
    this.page = page
    this.name = name
    page.setDefaultTimeout(60_000)
  }

  /** Signs in, and waits for the connection. */
  async enter(url: string): Promise<void> {
    await this.page.addInitScript(record)
    await this.page.goto(url)
    await this.page.getByLabel('Your name').fill(this.name)
    await this.page.getByRole('button', { name: 'Come aboard' }).click()
    await this.socketSays('Connected')
    await this.page.getByRole('log').locator('.message').last().waitFor()
  }

  get box(): Locator {
    return this.page.getByRole('textbox', { name: /^Message #/ })
  }

  /** Writes a message and sends it. */
  async say(text: string): Promise<void> {
    await this.box.fill(text)
    await this.box.press('Enter')
  }

  /** A message that the server has. */
  message(text: string): Locator {
    return this.page.getByRole('log').locator('.message', { hasText: text })
  }

  /** A message on its way. */
  outgoing(text: string): Locator {
    return this.page
      .getByRole('list', { name: 'On their way' })
      .locator('.message', { hasText: text })
  }

  /** Presses a button that breaks the server. */
  async press(name: string): Promise<void> {
    await this.page
      .getByRole('region', { name: 'Break the server' })
      .getByRole('button', { name, exact: true })
      .click()
  }

  tile(name: string): Locator {
    return this.page.locator(`[data-tile="${name}"]`)
  }

  get socket(): Locator {
    return this.page.getByRole('region', { name: 'Socket' })
  }

  async socketSays(words: string): Promise<void> {
    await this.socket.getByText(words).waitFor()
  }

  /** The states in which a message was shown on its way, each once in a row. */
  async statesOf(text: string): Promise<string[]> {
    const shown = await this.page.evaluate(() => (globalThis as unknown as Recorder).shown)
    return shown.filter(([content]) => content === text).map(([, status]) => status)
  }

  /** The numbers of the injected messages, as they stand. */
  async numbers(): Promise<number[]> {
    const texts = await this.page.locator('.message .content').allTextContents()
    return texts.flatMap((text) => (/^#\d+$/.test(text) ? [Number(text.slice(1))] : []))
  }
}

/** Runs in the page: notes each state that a message on its way is shown in. */
function record(): void {
  const shown: Recorder['shown'] = []
  Object.assign(globalThis, { shown })
  const last = new Map<string, string>()
  new MutationObserver(() => {
    for (const each of document.querySelectorAll<HTMLElement>('.outgoing .message')) {
      const text = each.querySelector('.content')?.textContent ?? ''
      const status = each.dataset.status ?? ''
      if (last.get(text) !== status) shown.push([text, status])
      last.set(text, status)
    }
  }).observe(document, { subtree: true, childList: true, attributes: true })
}
