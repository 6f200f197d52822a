"""Who may do what, where: the law as tables (`law`, `deeds`), a place to try it in (`scene`), and the page of it."""
