# hali boshlamadim
