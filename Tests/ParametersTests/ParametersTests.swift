// Tests of Parameters.
