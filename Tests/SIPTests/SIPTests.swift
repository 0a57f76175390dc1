// Tests of SIP.
