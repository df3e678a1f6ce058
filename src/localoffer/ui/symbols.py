"""Simple line drawings, ours, for choosing faster than words allow.

Each is drawn with one round pen, two units wide, on a square of 32. Drawn always beside words
that say the same. The tag ``{% symbol name="speech" %}`` puts one on a page.
"""

SYMBOLS = {
    "arrow": '<path d="M5 16h22M18 7l9 9-9 9"/>',
    "book": '<path d="M16 8c-3-2-7-3-11-2v19c4-1 8 0 11 2 3-2 7-3 11-2V6c-4-1-8 0-11 2zM16 8v19"/>',
    "brain": (
        '<path d="M16 7a4 4 0 0 0-7-1 4 4 0 0 0-4 5 5 5 0 0 0 0 8 5 5 0 0 0 5 6 4 4 0 0 0 6 0z"/>'
        '<path d="M16 7a4 4 0 0 1 7-1 4 4 0 0 1 4 5 5 5 0 0 1 0 8 5 5 0 0 1-5 6 4 4 0 0 1-6 0"/>'
        '<path d="M10 13c2 0 3 1 3 3M22 13c-2 0-3 1-3 3M9 20c2 0 3-1 4-2M23 20c-2 0-3-1-4-2"/>'
    ),
    "bus": (
        '<rect x="5" y="5" width="22" height="19" rx="3"/><path d="M5 16h22M16 5v11"/>'
        '<circle cx="10" cy="25" r="2.5"/><circle cx="22" cy="25" r="2.5"/>'
    ),
    "calendar": (
        '<rect x="4" y="6" width="24" height="22" rx="2"/><path d="M4 13h24M11 3v6M21 3v6"/>'
        '<path d="M10 18h2M15 18h2M20 18h2M10 23h2M15 23h2"/>'
    ),
    "chart": '<path d="M5 4v23h23"/><path d="M11 27v-8M17 27V14M23 27V8"/>',
    "clock": '<circle cx="16" cy="16" r="12"/><path d="M16 9v7l5 3"/>',
    "document": '<path d="M8 3h11l6 6v20H8zM19 3v6h6M12 15h9M12 19h9M12 23h6"/>',
    "health": (
        '<rect x="4" y="4" width="24" height="24" rx="4"/>'
        '<path d="M13 9h6v4h4v6h-4v4h-6v-4H9v-6h4z"/>'
    ),
    "heart": '<path d="M16 27C8 21 4 17 4 12a6 6 0 0 1 12-2 6 6 0 0 1 12 2c0 5-4 9-12 15z"/>',
    "home": '<path d="M3 16 16 5l13 11M7 13v14h18V13M13 27v-8h6v8"/>',
    "map-pin": (
        '<path d="M16 29s9-9 9-16a9 9 0 0 0-18 0c0 7 9 16 9 16z"/><circle cx="16" cy="13" r="3.5"/>'
    ),
    "megaphone": '<path d="M5 13v6h5l14 6V7l-14 6zM10 19l2 8h3l-1-6M27 13v6"/>',
    "money": '<circle cx="16" cy="16" r="12"/><path d="M20 11a4 4 0 0 0-7 2v9h-2 10M11 17h7"/>',
    "news": (
        '<path d="M4 6h19v18a3 3 0 0 0 3 3H7a3 3 0 0 1-3-3zM23 13h5v11a3 3 0 0 1-2 3"/>'
        '<path d="M8 11h11M8 16h11M8 21h7"/>'
    ),
    "people": (
        '<circle cx="12" cy="10" r="4"/><path d="M4 26c0-6 3-9 8-9s8 3 8 9"/>'
        '<path d="M20 6a4 4 0 0 1 0 8M23 17c3 1 5 4 5 9"/>'
    ),
    "person": '<circle cx="16" cy="9" r="5"/><path d="M6 28c0-7 4-10 10-10s10 3 10 10"/>',
    "phone": (
        '<path d="M8 4h5l2 7-3 2c1 3 4 6 7 7l2-3 7 2v5c0 2-2 4-4 4C13 28 4 19 4 8c0-2 2-4 4-4z"/>'
    ),
    "print": '<path d="M9 11V4h14v7M9 23H4V11h24v12h-5"/><path d="M9 19h14v9H9z"/>',
    "question": (
        '<circle cx="16" cy="16" r="12"/><path d="M12 13a4 4 0 1 1 5 4c-1 0-1 1-1 2M16 23v.1"/>'
    ),
    "save": '<path d="M8 4h16v24l-8-6-8 6z"/>',
    "school": (
        '<path d="M3 13 16 5l13 8v15H3zM13 28v-7h6v7M16 5V2h5"/><circle cx="16" cy="14" r="2"/>'
        '<path d="M8 17v5M24 17v5"/>'
    ),
    "search": '<circle cx="14" cy="14" r="9"/><path d="m21 21 8 8"/>',
    "speech": '<path d="M4 6h24v16H15l-7 6v-6H4z"/><path d="M10 12h12M10 16h8"/>',
    "star": '<path d="m16 4 4 8 9 1-7 6 2 9-8-5-8 5 2-9-7-6 9-1z"/>',
    "tick": '<circle cx="16" cy="16" r="12"/><path d="m10 17 4 4 8-9"/>',
    "video": '<rect x="3" y="7" width="19" height="18" rx="3"/><path d="m22 14 7-4v12l-7-4"/>',
    "warning": '<path d="M16 4 30 28H2zM16 13v7M16 24v.1"/>',
    "young-people": (
        '<circle cx="10" cy="9" r="4"/><circle cx="23" cy="12" r="3"/>'
        '<path d="M4 28v-5c0-4 2-7 6-7s6 3 6 7v5M19 28v-4c0-3 1-6 4-6s5 3 5 6v4"/>'
    ),
}
