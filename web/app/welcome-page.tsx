import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, type ReactNode } from 'react'
import { sayProblem, send } from '../api.ts'
import { LinkButton } from '../ui/link-button.tsx'
import { Failed, Lines } from '../ui/states.tsx'
import { entry } from './form-entry.ts'
import { Gate } from './gate.tsx'
import classes from './gate.module.css'

interface Welcome {
  token: string
  name?: string
  email?: string
  password?: string
}

/** The link that the server printed: it opens the demo, or makes the first administrator. */
export function WelcomePage(): ReactNode {
  const { token = '' } = useSearch({ from: '/welcome' })
  const navigate = useNavigate()
  const client = useQueryClient()
  const check = useQuery({
    queryKey: ['welcome', token],
    queryFn: () =>
      send<{ valid: boolean; asks: 'account' | 'confirmation' }>(
        'GET',
        `/api/auth/welcome?token=${encodeURIComponent(token)}`,
      ),
    staleTime: Infinity,
  })
  const enter = useMutation({
    mutationFn: (body: Welcome) => send('POST', '/api/auth/welcome', body),
    onSuccess: async () => {
      await client.resetQueries({ queryKey: ['session'] })
      await navigate({ to: '/' })
    },
  })
  const failure = enter.error && <Failed says={sayProblem(enter.error)} />
  if (check.error) {
    return (
      <Gate title="Welcome" about="">
        <Failed says={sayProblem(check.error)} retry={() => void check.refetch()} />
      </Gate>
    )
  }
  if (!check.data) {
    return (
      <Gate title="Welcome" about="">
        <Lines count={3} />
      </Gate>
    )
  }
  if (!check.data.valid) {
    return (
      <Gate
        title="This link has been used"
        about="A welcome link opens once. Start the server again for a new one, or sign in."
      >
        <LinkButton to="/sign-in" fullWidth>
          Sign in
        </LinkButton>
      </Gate>
    )
  }
  if (check.data.asks === 'confirmation') {
    return (
      <Gate
        title="Welcome to Rapport"
        about="A made-up company with a few hundred made-up people is ready to look at. Nothing here leaves this machine."
      >
        {failure}
        <Button
          size="md"
          fullWidth
          disabled={enter.isPending}
          onClick={() => enter.mutate({ token })}
        >
          {enter.isPending ? 'Opening…' : 'Open the demo'}
        </Button>
      </Gate>
    )
  }
  return (
    <Gate title="Welcome to Rapport" about="You are the first: make your account as administrator.">
      <FirstAdministrator
        pending={enter.isPending}
        failure={failure}
        submit={(form) =>
          enter.mutate({
            token,
            name: entry(form, 'name'),
            email: entry(form, 'email'),
            password: entry(form, 'password'),
          })
        }
      />
    </Gate>
  )
}

interface FirstAdministratorProps {
  readonly pending: boolean
  readonly failure: ReactNode
  readonly submit: (form: FormData) => void
}

function FirstAdministrator({ pending, failure, submit }: FirstAdministratorProps): ReactNode {
  const onSubmit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    submit(new FormData(event.currentTarget))
  }
  return (
    <form className={classes['form']} onSubmit={onSubmit}>
      <TextInput name="name" label="Name" autoComplete="name" required withAsterisk={false} />
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
        description="At least 8 characters"
        autoComplete="new-password"
        minLength={8}
        maxLength={128}
        required
        withAsterisk={false}
      />
      {failure}
      <Button type="submit" disabled={pending} fullWidth>
        {pending ? 'One moment…' : 'Make my account'}
      </Button>
    </form>
  )
}
