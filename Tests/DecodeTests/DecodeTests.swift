// Tests of Decode.
