"""The wire for people: what one types with nc, telnet or openssl s_client, and what one sees."""
