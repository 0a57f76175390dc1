print("regsift")
