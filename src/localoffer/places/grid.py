"""British National Grid to latitude and longitude and back.

The transverse Mercator of Ordnance Survey's "A guide to coordinate systems in Great Britain"
(annexes B and C) and its seven-parameter Helmert shift between the Airy 1830 and WGS 84
ellipsoids: within about 5 metres anywhere in Great Britain, enough for a family and not for a
surveyor.
"""

from math import atan2, cos, degrees, hypot, radians, sin, sqrt, tan

AIRY = (6_377_563.396, 6_356_256.909)  # semi-axes of an ellipsoid, metres
WGS84 = (6_378_137.0, 6_356_752.3142)
SCALE = 0.9996012717
ORIGIN = (radians(49), radians(-2))
FALSE_EASTING, FALSE_NORTHING = 400_000, -100_000
SHIFT = (446.448, -125.157, 542.060)  # metres, OSGB36 to WGS 84
TURN = tuple(radians(seconds / 3600) for seconds in (0.1502, 0.2470, 0.8421))
STRETCH = -20.4894e-6
EAST_EDGE, NORTH_EDGE = 700_000, 1_300_000  # of the National Grid, metres


def on_grid(easting: float, northing: float) -> bool:
    """Whether a point, in metres, is on the National Grid at all."""
    return 0 < easting < EAST_EDGE and 0 < northing < NORTH_EDGE


def to_latitude_longitude(easting: float, northing: float) -> tuple[float, float]:
    """WGS 84 degrees of a point on the National Grid, in metres."""
    latitude, longitude = _unproject(easting, northing)
    return _shifted(latitude, longitude, AIRY, WGS84, 1)


def to_grid(latitude: float, longitude: float) -> tuple[float, float]:
    """Easting and northing in metres of WGS 84 degrees."""
    airy_latitude, airy_longitude = _shifted(radians(latitude), radians(longitude), WGS84, AIRY, -1)
    return _project(radians(airy_latitude), radians(airy_longitude))


def _meridian_arc(latitude):
    """Metres along the meridian from the true origin."""
    a, b = AIRY
    n = (a - b) / (a + b)
    less, more = latitude - ORIGIN[0], latitude + ORIGIN[0]
    return (
        b
        * SCALE
        * (
            (1 + n + 5 / 4 * n**2 + 5 / 4 * n**3) * less
            - (3 * n + 3 * n**2 + 21 / 8 * n**3) * sin(less) * cos(more)
            + (15 / 8 * n**2 + 15 / 8 * n**3) * sin(2 * less) * cos(2 * more)
            - 35 / 24 * n**3 * sin(3 * less) * cos(3 * more)
        )
    )


def _curvature(latitude):
    """Radii of curvature nu and rho in metres, and eta squared."""
    a, b = AIRY
    e2 = 1 - (b / a) ** 2
    bent = 1 - e2 * sin(latitude) ** 2
    nu = a * SCALE / sqrt(bent)
    rho = a * SCALE * (1 - e2) * bent**-1.5
    return nu, rho, nu / rho - 1


def _unproject(easting, northing):
    a, _ = AIRY
    latitude, arc = ORIGIN[0], 0.0
    while abs(northing - FALSE_NORTHING - arc) >= 1e-5:
        latitude += (northing - FALSE_NORTHING - arc) / (a * SCALE)
        arc = _meridian_arc(latitude)
    nu, rho, eta2 = _curvature(latitude)
    t = tan(latitude)
    sec = 1 / cos(latitude)
    east = easting - FALSE_EASTING
    seven = t / (2 * rho * nu)
    eight = t / (24 * rho * nu**3) * (5 + 3 * t**2 + eta2 - 9 * t**2 * eta2)
    nine = t / (720 * rho * nu**5) * (61 + 90 * t**2 + 45 * t**4)
    ten = sec / nu
    eleven = sec / (6 * nu**3) * (nu / rho + 2 * t**2)
    twelve = sec / (120 * nu**5) * (5 + 28 * t**2 + 24 * t**4)
    twelve_a = sec / (5040 * nu**7) * (61 + 662 * t**2 + 1320 * t**4 + 720 * t**6)
    return (
        latitude - seven * east**2 + eight * east**4 - nine * east**6,
        ORIGIN[1] + ten * east - eleven * east**3 + twelve * east**5 - twelve_a * east**7,
    )


def _project(latitude, longitude):
    nu, rho, eta2 = _curvature(latitude)
    s, c, t = sin(latitude), cos(latitude), tan(latitude)
    east = longitude - ORIGIN[1]
    two = nu / 2 * s * c
    three = nu / 24 * s * c**3 * (5 - t**2 + 9 * eta2)
    three_a = nu / 720 * s * c**5 * (61 - 58 * t**2 + t**4)
    four = nu * c
    five = nu / 6 * c**3 * (nu / rho - t**2)
    six = nu / 120 * c**5 * (5 - 18 * t**2 + t**4 + 14 * eta2 - 58 * t**2 * eta2)
    return (
        FALSE_EASTING + four * east + five * east**3 + six * east**5,
        FALSE_NORTHING
        + _meridian_arc(latitude)
        + two * east**2
        + three * east**4
        + three_a * east**6,
    )


def _shifted(latitude, longitude, source, target, sign):
    """Degrees on the target ellipsoid of radians on the source. ``sign``: 1 to WGS 84, -1 back."""
    a, b = source
    e2 = 1 - (b / a) ** 2
    nu = a / sqrt(1 - e2 * sin(latitude) ** 2)
    x = nu * cos(latitude) * cos(longitude)
    y = nu * cos(latitude) * sin(longitude)
    z = nu * (1 - e2) * sin(latitude)
    stretch = 1 + sign * STRETCH
    rx, ry, rz = (sign * turn for turn in TURN)
    dx, dy, dz = (sign * metres for metres in SHIFT)
    x, y, z = (
        dx + stretch * x - rz * y + ry * z,
        dy + rz * x + stretch * y - rx * z,
        dz - ry * x + rx * y + stretch * z,
    )
    a, b = target
    e2 = 1 - (b / a) ** 2
    flat = hypot(x, y)
    found = atan2(z, flat * (1 - e2))
    while True:
        nu = a / sqrt(1 - e2 * sin(found) ** 2)
        nearer = atan2(z + e2 * nu * sin(found), flat)
        if abs(nearer - found) < 1e-12:
            return degrees(nearer), degrees(atan2(y, x))
        found = nearer
