import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client'
import { REST } from '@discordjs/rest'
import { discord } from '@evenkeel/fetch/discord'
import { onlineManager, QueryClient } from '@tanstack/query-core'
import { fetchExchange, Client as Urql } from '@urql/core'
import axios from 'axios'
import ky from 'ky'
import openapiFetch from 'openapi-fetch'
import { describe, expect, it } from 'vitest'
import { flakyApi } from './flaky-api.ts'

const user = { id: 1, name: 'Ada' }

describe('TanStack Query', () => {
  /** As the README says: retries handed over, and no opinion of its own about the network. */
  const queries = () =>
    new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: 'always' } } })

  it('gets its answer through our retries, and adds none', async () => {
    const { client, got, settled } = flakyApi(2, () => user)
    const query = queries().fetchQuery({
      queryKey: ['user'],
      queryFn: async ({ signal }) => {
        const response = await client.fetch('users/1', { signal })
        if (!response.ok) throw new Error(String(response.status))
        return response.json()
      },
    })
    expect(await settled(query)).toEqual(user)
    expect(got).toHaveLength(3)
  })

  it('hears of the last failure, once', async () => {
    const { client, got, settled } = flakyApi(Infinity, () => user)
    const query = queries().fetchQuery({
      queryKey: ['user'],
      queryFn: async () => {
        const response = await client.fetch('users/1')
        if (!response.ok) throw new Error(String(response.status))
      },
    })
    await expect(settled(query)).rejects.toThrow('503')
    expect(got).toHaveLength(4)
  })

  it('asks also while it thinks that the page is offline: the client knows better', async () => {
    const { client, settled } = flakyApi(0, () => user)
    onlineManager.setOnline(false)
    const query = queries().fetchQuery({
      queryKey: ['user'],
      queryFn: async () => (await client.fetch('users/1')).json(),
    })
    expect(await settled(query)).toEqual(user)
    onlineManager.setOnline(true)
  })

  it('cancels what nobody waits for', async () => {
    const { client, settled } = flakyApi(Infinity, () => user)
    const queryClient = queries()
    const query = queryClient.fetchQuery({
      queryKey: ['user'],
      queryFn: ({ signal }) => client.fetch('users/1', { signal }),
    })
    const ending = settled(query).catch((error) => error)
    await queryClient.cancelQueries({ queryKey: ['user'] })
    expect(String(await ending)).toMatch(/Cancelled/)
  })
})

describe('GraphQL clients', () => {
  const query = gql`
    {
      user {
        id
        name
      }
    }
  `

  it('Apollo gets its answer by our fetch, mutations once', async () => {
    const { client, got, settled } = flakyApi(1, () => ({ data: { user } }))
    const apollo = new ApolloClient({
      cache: new InMemoryCache(),
      link: new HttpLink({
        uri: 'https://api.example.com/graphql',
        // A query is a POST: only the app knows that it may be sent again.
        fetch: client.fetch.with({ idempotent: true }) as typeof fetch,
      }),
    })
    const { data } = await settled(apollo.query<{ user: unknown }>({ query }))
    expect(data?.user).toEqual(user)
    expect(got.map(({ method }) => method)).toEqual(['POST', 'POST'])
  })

  it('urql gets its answer by our fetch', async () => {
    const { client, got, settled } = flakyApi(1, () => ({ data: { user } }))
    const urql = new Urql({
      url: 'https://api.example.com/graphql',
      exchanges: [fetchExchange],
      fetch: client.fetch.with({ idempotent: true }) as typeof fetch,
      preferGetMethod: false,
    })
    const { data } = await settled(urql.query(query, {}).toPromise())
    expect(data).toEqual({ user })
    expect(got).toHaveLength(2)
  })
})

describe('HTTP clients', () => {
  it('axios gets its answer by its fetch adapter', async () => {
    const { client, got, settled } = flakyApi(2, () => user)
    const api = axios.create({
      baseURL: 'https://api.example.com/',
      adapter: 'fetch',
      env: { fetch: client.fetch as typeof fetch },
    })
    const { data } = await settled(api.get('users/1'))
    expect(data).toEqual(user)
    expect(got).toHaveLength(3)
  })

  it('ky gets its answer with its own retries off', async () => {
    const { client, got, settled } = flakyApi(2, () => user)
    const api = ky.create({ fetch: client.fetch as typeof fetch, retry: 0, timeout: false })
    expect(await settled(api.get('https://api.example.com/users/1').json())).toEqual(user)
    expect(got).toHaveLength(3)
  })

  it('openapi-fetch gets its answer', async () => {
    interface Paths {
      '/users/{id}': {
        get: {
          parameters: { path: { id: number } }
          responses: { 200: { content: { 'application/json': typeof user } } }
        }
      }
    }
    const { client, got, settled } = flakyApi(2, () => user)
    const api = openapiFetch<Paths>({
      baseUrl: 'https://api.example.com',
      fetch: (request) => client.fetch(request),
    })
    const { data } = await settled(api.GET('/users/{id}', { params: { path: { id: 1 } } }))
    expect(data).toEqual(user)
    expect(got.map(({ url }) => url)).toEqual(Array(3).fill('https://api.example.com/users/1'))
  })
})

describe('discord.js', () => {
  it('sends its REST calls through makeRequest, and tries none again by itself', async () => {
    const { client, got, settled } = flakyApi(1, () => ({ id: '7' }), { preset: discord() })
    const rest = new REST({
      retries: 0,
      makeRequest: (url, init) => client.fetch(url, init as RequestInit) as never,
    }).setToken('token')
    expect(await settled(rest.get('/users/@me'))).toEqual({ id: '7' })
    expect(got.map(({ headers }) => headers.get('authorization'))).toEqual([
      'Bot token',
      'Bot token',
    ])
  })
})
