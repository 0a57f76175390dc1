// Tests of Registrations.
