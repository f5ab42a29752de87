"""Which fonts a browser draws Chinese with."""


def fonts_of_chinese(page, selector):
    """The fonts that draw the Chinese in these elements: (family, whether from the page)."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    document = session.send("DOM.getDocument", {"depth": -1})["root"]["nodeId"]
    found = set()
    query = {"nodeId": document, "selector": selector}
    for node in session.send("DOM.querySelectorAll", query)["nodeIds"]:
        markup = session.send("DOM.getOuterHTML", {"nodeId": node})["outerHTML"]
        if any("\u4e00" <= character <= "\u9fff" for character in markup):
            fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
            found |= {(font["familyName"], font["isCustomFont"]) for font in fonts}
    return found
