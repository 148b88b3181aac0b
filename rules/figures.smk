def figure_files():
    return []
