self.addEventListener("install", () => [VERSION, SHELL]);
