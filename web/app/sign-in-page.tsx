import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import { type FormEvent, type ReactNode } from 'react'
import { queries, sayProblem, send } from '../api.ts'
import { Failed } from '../ui/states.tsx'
import { Gate } from './gate.tsx'
import classes from './gate.module.css'
import { entry } from './form-entry.ts'

/** Only addresses of this app: a link with another site's address must not lead there. */
function safeNext(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])/.test(next) ? next : '/'
}

export function SignInPage(): ReactNode {
  const { next } = useSearch({ from: '/sign-in' })
  const router = useRouter()
  const client = useQueryClient()
  const session = useQuery(queries.session())
  const signIn = useMutation({
    mutationFn: (body: { email: string; password: string }) =>
      send('POST', '/api/auth/sign-in/email', body),
    onSuccess: async () => {
      await client.resetQueries()
      router.history.push(safeNext(next))
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    signIn.mutate({ email: entry(form, 'email'), password: entry(form, 'password') })
  }
  if (session.data?.firstRun === true) {
    return (
      <Gate
        title="Almost there"
        about="No one has an account yet. The server printed a link when it started: open it to become the first administrator."
      />
    )
  }
  return (
    <Gate title="Sign in" about="Where every relationship stands, with the evidence.">
      <form className={classes['form']} onSubmit={submit}>
        <TextInput
          name="email"
          label="E-mail"
          type="email"
          autoComplete="username"
          required
          withAsterisk={false}
        />
        <PasswordInput
          name="password"
          label="Password"
          autoComplete="current-password"
          required
          withAsterisk={false}
        />
        {signIn.error && <Failed says={sayProblem(signIn.error)} />}
        <Button type="submit" disabled={signIn.isPending} fullWidth>
          {signIn.isPending ? 'Signing in…' : 'Sign in'}
        </Button>
      </form>
    </Gate>
  )
}
